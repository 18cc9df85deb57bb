"""What people see of the proxy in commands: that all went through it, what stands in the way, and never its login."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from proxyserver import ForwardProxy, listening

from aiwatch.cli import cli, wayout
from aiwatch.cli import main as entry

LOGIN = "svc:tok/p@ss-5f1c"
WRONG = "svc:tok-wrong-77e1"
NOTHING = dict.fromkeys(wayout.VARIABLES)
SOURCES = """
[[source]]
id = "lab"
url = "http://lab.example/feed"
"""
CONFIG = """
operators = ["hook"]
[http]
contact = "me@example.org"
host_gap = 0.0
timeout = 60.0
proxy = { env = "OUR_PROXY" }
[[recipient]]
id = "hook"
webhook = "http://hooks.example/in"
[[recipient]]
id = "phone"
apprise = "json://phone.example/x"
[[digest]]
id = "daily"
schedule = "daily 9:00"
recipients = ["hook", "phone"]
"""
FEED = b"<rss version='2.0'><channel><title>Lab</title><item><title>x</title><link>http://lab.example/1</link></item></channel></rss>"


async def origin(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A feed; for what is posted, an error that repeats what was asked."""
    head = await reader.readuntil(b"\r\n\r\n")
    status, body = (b"500 No", head) if head.startswith(b"POST") else (b"200 OK", FEED)
    writer.write(b"HTTP/1.1 %s\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % (status, len(body)) + body)
    await writer.drain()


def run(folder: Path, proxy: ForwardProxy, login: str, *words: str, config: str = CONFIG, **env: str) -> Result:
    """A command in a configuration with this proxy; its output holds no login."""
    (folder / "aiwatch.toml").write_text(config, "utf-8")
    (folder / "sources.toml").write_text(SOURCES, "utf-8")

    async def inside() -> Result:
        async with listening(origin) as proxy.origin, proxy.running() as url:
            given: dict[str, Any] = NOTHING | {"OUR_PROXY": url.replace("://", f"://{login}@")} | env
            return await asyncio.to_thread(CliRunner().invoke, cli, ["-c", str(folder / "aiwatch.toml"), *words], env=given)

    done = asyncio.run(inside())
    said = f"{done.output}{done.exception!r}"
    assert not [one for one in ("tok", b64encode(login.encode()).decode()) if one in said]
    return done


def findings(done: Result) -> dict[str, tuple[str, str, str]]:
    return {one["what"]: (one["verdict"], one["found"], one["advice"]) for one in json.loads(done.stdout)}


def test_sources_and_webhooks_are_reached_through_it(tmp_path: Path) -> None:
    proxy = ForwardProxy(login=LOGIN)
    checked = run(tmp_path, proxy, LOGIN, "sources", "check", "--json")
    assert checked.exit_code == 0, checked.output
    assert proxy.asked == ["GET http://lab.example/feed"]
    told = run(tmp_path, proxy, LOGIN, "notify", "test", "hook", "--json")
    assert json.loads(told.stdout)["answer"].startswith("500 ")
    assert proxy.asked[1:] == ["POST http://hooks.example/in"]


def test_a_proxy_that_answers_in_a_server_s_place_repeats_no_login(tmp_path: Path) -> None:
    proxy = ForwardProxy(answer=f"500 {b64encode(LOGIN.encode()).decode()}")
    told = run(tmp_path, proxy, LOGIN, "notify", "test", "hook", "--json")
    assert json.loads(told.stdout)["verdict"] == "retry"


@pytest.mark.parametrize("words", [("sources", "check"), ("notify", "test", "hook"), ("once",)])
def test_what_it_wants_is_said_by_every_command(words: tuple[str, ...], tmp_path: Path) -> None:
    proxy = ForwardProxy(login=LOGIN)
    done = run(tmp_path, proxy, WRONG, *words)
    assert done.exit_code == 1
    assert f"the proxy http://127.0.0.1:{proxy.port} does not take the login of http.proxy (407)" in done.output


def test_doctor_asks_a_server_through_it(tmp_path: Path) -> None:
    proxy = ForwardProxy(login=LOGIN)
    found = findings(run(tmp_path, proxy, LOGIN, "doctor", "--network", "--json"))
    assert found["way out"] == ("ok", f"http://lab.example answers 200 through http://127.0.0.1:{proxy.port}", "")
    assert proxy.asked == ["GET http://lab.example/robots.txt"]
    refused = findings(run(tmp_path, proxy, WRONG, "doctor", "--network", "--json"))["way out"]
    assert refused[0] == "fail"
    assert "does not take the login" in refused[1]


def test_doctor_names_who_is_not_reached_through_it(tmp_path: Path) -> None:
    proxy = ForwardProxy()
    verdict, told, advice = findings(run(tmp_path, proxy, LOGIN, "doctor", "--json"))["proxy"]
    assert (verdict, told) == ("warn", '"phone" is not reached through it')
    assert "HTTPS_PROXY" in advice
    assert "proxy" not in findings(run(tmp_path, proxy, LOGIN, "doctor", "--json", HTTPS_PROXY="http://127.0.0.1:9"))


def test_doctor_says_that_the_environment_s_proxy_is_not_read(tmp_path: Path) -> None:
    without = CONFIG.replace('proxy = { env = "OUR_PROXY" }', "")
    done = run(tmp_path, ForwardProxy(), LOGIN, "doctor", "--json", config=without, https_proxy="http://me:tok-env@127.0.0.1:9")
    verdict, told, advice = findings(done)["proxy"]
    assert (verdict, told) == ("warn", "https_proxy is set, and not read")
    assert 'proxy = { env = "https_proxy" }' in advice


def test_doctor_names_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    config = CONFIG.replace("timeout", 'ca_file = "company.pem"\ntimeout')
    found = findings(run(tmp_path, ForwardProxy(), LOGIN, "doctor", "--json", config=config))
    assert found["http"][:2] == ("fail", f"http.ca_file: {tmp_path}/company.pem cannot be read: No such file or directory")


def test_nothing_is_asked_past_a_proxy_that_this_shell_does_not_know(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    (tmp_path / "sources.toml").write_text(SOURCES, "utf-8")
    with pytest.raises(SystemExit) as ended:
        entry(["-c", str(tmp_path / "aiwatch.toml"), "sources", "check"])
    assert ended.value.code == 2
    assert "http.proxy" in capsys.readouterr().err
