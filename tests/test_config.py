"""The two configuration files: what is read, and that every mistake is named with its file and line."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aiwatch import app, config
from aiwatch.config import shapes
from aiwatch.errors import ConfigError
from aiwatch.model import Kind, Modality, Stage, Tier
from aiwatch.settings import Channel, Config, Recipient, Secret, Subscription
from aiwatch.tomlplace import line_of, places

SOURCES = """\
[[source]]
id = "lab-blog"
url = "https://lab.example/feed.xml"
vendor = "Example Lab"
tier = "primary"
lang = "en"

[[source]]
id = "daily"
name = "The Daily"
url = "https://daily.example/rss"
timezone = "Asia/Seoul"
enabled = false
reason = "terms forbid it"
"""


def read(
    main: str = "", sources: str = SOURCES, env: Mapping[str, str] | None = None, secrets: Mapping[str, str] | None = None
) -> Config:
    kept = secrets or {}
    return config.read(
        config.File(name="aiwatch.toml", text=main),
        [config.File(name="sources.toml", text=sources)],
        base="/srv/aiwatch",
        env=env or {},
        reveal=lambda where, name: kept.get(f"{where}:{name}"),
    )


def problems(main: str = "", sources: str = SOURCES, env: Mapping[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(main, sources, env)
    return caught.value.problems


def test_without_a_file_of_one_s_own_the_defaults_hold() -> None:
    found = read()
    assert found.database == "/srv/aiwatch/db/aiwatch.db"
    assert [source.id for source in found.sources] == ["lab-blog", "daily"]
    lab, daily = found.sources
    assert (lab.kind, lab.tier, lab.vendor, lab.name, lab.enabled) == (Kind.FEED, Tier.PRIMARY, "Example Lab", "lab-blog", True)
    assert (daily.timezone, daily.enabled, daily.reason, daily.name) == ("Asia/Seoul", False, "terms forbid it", "The Daily")


def test_what_is_not_written_is_what_the_settings_say() -> None:
    """The shapes write their defaults out, as the page of the configuration does; these are those of the settings."""
    found = read()
    assert found == Config(database=found.database, sources=found.sources)
    told = read(
        '[[recipient]]\nid = "me"\nemail = "me@example.org"\n[[digest]]\nid = "d"\nschedule = "hourly"\nrecipients = ["me"]\n'
    )
    assert told.subscriptions == (Subscription(id="d", title="aiwatch: d", schedule="hourly", recipients=("me",)),)
    assert told.recipients == (Recipient(id="me", channel=Channel.EMAIL, address=Secret("me@example.org")),)


def test_a_whole_configuration_is_read() -> None:
    found = read(
        """
        database = "/var/lib/aiwatch/a.db"
        rules = "rules.toml"
        operators = ["ops"]
        [polling]
        alert_window_hours = 24
        [smtp]
        host = "mail.example"
        security = "tls"
        password = { env = "MAIL" }
        [[recipient]]
        id = "ops"
        email = "ops@example.org"
        [[recipient]]
        id = "hook"
        webhook = { file = "/run/secrets/hook" }
        secrets = ["whsec_AAAA"]
        lang = "ko"
        [[digest]]
        id = "video"
        schedule = "weekdays 08:00"
        timezone = "Asia/Seoul"
        recipients = ["ops", "hook"]
        modalities = ["video", "3d"]
        stages = ["open_weights"]
        tiers = ["primary"]
        sources = ["lab-blog"]
        quiet = { start = "22:00", end = "7:00" }
        """,
        secrets={"env:MAIL": "pw", "file:/run/secrets/hook": "https://hook.example/x\n"},
    )
    assert (found.database, found.rules) == ("/var/lib/aiwatch/a.db", "/srv/aiwatch/rules.toml")
    assert (found.smtp.port, found.smtp.password) == (465, Secret("pw"))
    assert found.polling.alert_window == 24 * 3600
    hook = found.recipient("hook")
    assert hook is not None
    assert (hook.channel, hook.address.reveal(), hook.lang) == (Channel.WEBHOOK, "https://hook.example/x", "ko")
    video = found.subscription("video")
    assert video is not None
    assert video.filter.modalities == (Modality.VIDEO, Modality.THREE_D)
    assert (video.filter.stages, video.filter.tiers, video.filter.sources) == (
        (Stage.OPEN_WEIGHTS,),
        (Tier.PRIMARY,),
        ("lab-blog",),
    )


def test_every_kind_stage_modality_and_tier_can_be_configured() -> None:
    """The shapes write their names out for the sake of the error messages; a name that is new in the model must come here too."""
    assert set(get_args(shapes.KindName)) == set(Kind)
    assert set(get_args(shapes.StageName)) == set(Stage) - {Stage.NONE}
    assert set(get_args(shapes.ModalityName)) == set(Modality)
    assert set(get_args(shapes.TierName)) == set(Tier)


@pytest.mark.parametrize(
    ("written", "url", "login"),
    [
        ("http://proxy.example:3128", "http://proxy.example:3128", None),
        ("http://Proxy.Example/", "http://proxy.example:80", None),
        ("https://[fd00::7]:8443", "https://[fd00::7]:8443", None),
        ("http://me:pw@proxy:3128", "http://proxy:3128", "me:pw"),
        ("http://me:p@s/s#w:rd@proxy:3128/", "http://proxy:3128", "me:p@s/s#w:rd"),
        ("http://m%65:100%25@10.0.0.1:3128", "http://10.0.0.1:3128", "me:100%"),
        ("http://me@proxy:3128", "http://proxy:3128", "me:"),
        ("socks5h://me:pw@Proxy", "socks5://proxy:1080", "me:pw"),
    ],
)
def test_a_proxy_is_told_from_its_login(written: str, url: str, login: str | None) -> None:
    for found in (
        read(f'[http]\nproxy = "{written}"'),
        read('[http]\nproxy = { env = "P" }', secrets={"env:P": written}),
        read(env={"AIWATCH_HTTP_PROXY": written}),
        read(env={"AIWATCH_HTTP_PROXY_FILE": "/run/p"}, secrets={"file:/run/p": f"{written}\n"}),
    ):
        assert found.http.proxy is not None
        assert (found.http.proxy.url, found.http.proxy.login) == (url, Secret(login) if login else None)
        assert not login or login not in repr(found)


def test_without_a_proxy_there_is_none_and_authorities_stand_beside_the_configuration() -> None:
    assert read('[http]\nproxy = ""').http.proxy is None
    assert read(env={"AIWATCH_HTTP_PROXY": ""}).http.proxy is None
    assert read('[http]\nca_file = "company.pem"\nno_proxy = ["corp.example"]').http.ca_file == "/srv/aiwatch/company.pem"


@pytest.mark.parametrize(
    "written",
    ["proxy.example:3128", "socks4://me:hunter2@proxy:1080", "http://me:hunter2@", "http://me:hunter2@proxy:0", "http://a b:1"],
)
def test_a_proxy_that_is_none_is_refused_and_not_quoted(written: str) -> None:
    (problem,) = problems(f'[http]\nproxy = "{written}"')
    assert problem.startswith("aiwatch.toml:2: http.proxy: this is no proxy's address")
    assert "hunter2" not in problem


@pytest.mark.parametrize("host", ["https://corp.example", "corp.example:443", "*.corp.example", "10.0.0.0/8", ""])
def test_a_host_without_the_proxy_is_a_host(host: str) -> None:
    (problem,) = problems(f'[http]\nno_proxy = ["{host}"]')
    assert problem.startswith("aiwatch.toml:2: http.no_proxy: found")


@pytest.mark.parametrize(
    "pair", ["127.0.0.1", "http://127.0.0.1:80", "127.0.0.1:0", "127.0.0.1:70000", "::1", "corp.example/x:1", ""]
)
def test_what_may_be_private_is_a_host_with_its_port(pair: str) -> None:
    (problem,) = problems(f'[http]\nallow_private = ["{pair}"]')
    assert problem.startswith(f'aiwatch.toml:2: http.allow_private: found "{pair}"; it names hosts with their ports')
    assert read('[http]\nallow_private = ["127.0.0.1:8080", "[::1]:80", "bridge:443"]').http.allow_private[1] == "[::1]:80"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("X Y", "hunter2", "this is no name of a header"),
        ("", "hunter2", "this is no name of a header"),
        ("비밀", "hunter2", "this is no name of a header"),
        ("x-key", "비밀hunter2", "a header's value is one line of ASCII"),
        ("x-key", "hunter2\\nx-other: 1", "a header's value is one line of ASCII"),
        ("x-key", " hunter2", "a header's value is one line of ASCII"),
    ],
)
def test_a_header_that_no_request_can_have_is_refused_and_its_value_not_quoted(name: str, value: str, said: str) -> None:
    header = f'headers = {{ "{name}" = "{value}" }}\n'
    (problem,) = problems(f'[[recipient]]\nid = "me"\nwebhook = "https://hook.example/"\n{header}')
    assert problem.startswith("aiwatch.toml:")
    assert said in problem
    assert "hunter2" not in problem
    (problem,) = problems(sources=f'[[source]]\nid = "a"\nurl = "https://a.example/feed"\n{header}')
    assert problem.startswith("sources.toml:")
    assert said in problem


def test_secrets_do_not_show_themselves() -> None:
    found = read('[smtp]\npassword = "hunter2"')
    assert "hunter2" not in repr(found)
    assert "hunter2" not in f"{found.smtp.password}"


@pytest.mark.parametrize(
    ("main", "line", "words"),
    [
        ('databse = "x"', 1, ['unknown key "databse"', 'did you mean "database"?', "allowed here"]),
        ('\n[http]\ntimeout = "long"', 3, ["http.timeout", "'long'", "valid number"]),
        ('[smtp]\nhost = "x"\nsecurity = "ssl"', 3, ["smtp.security", "'ssl'", "starttls"]),
        ('[smtp]\npassword = { env = "GONE" }', 2, ["environment variable GONE is not set"]),
        ('[smtp]\npassword = { file = "/none" }', 2, ["file /none is not there"]),
        ("[smtp]\npassword = { }", 2, ["a secret is a text"]),
        (
            '[[recipient]]\nid = "a"\nemail = "a@b"\nslack = "https://x"',
            1,
            ['"a" has 2 channels', "exactly one of email, webhook"],
        ),
        ('[[recipient]]\nid = "a"', 1, ["has 0 channels"]),
        ('[[recipient]]\nid = "A b"\nemail = "x@y"', 2, ["recipient.id", "'A b'", "made of lower case letters"]),
        ('operators = ["bos"]\n[[recipient]]\nid = "boss"\nemail = "a@b"', 1, ['no recipient "bos"', 'did you mean "boss"?']),
        ("[polling]\nmin_interval = 900\nmax_interval = 300", 2, ["min_interval 900 is longer than max_interval 300"]),
        ("a = [1,", 0, ["not TOML"]),
        ("a = 1\nb = = 2", 2, ["not TOML"]),
        (
            '[smtp]\nhost = "x"\noperators = ["me"]',
            3,
            ['unknown key "smtp.operators"; "operators" stands above the first [table]'],
        ),
        ('[smtp]\nsender = "nobody"', 2, ["smtp.sender: found 'nobody'", '"Name <you@example.org>"']),
        ('[smtp]\nhost = " "', 2, ["smtp.host", "name of a mail server"]),
        ('[web]\nbase_url = "https:///x"', 2, ["web.base_url", "names a host"]),
        ('[web]\nbase_url = "https://x:99999"', 2, ["web.base_url", "names a host"]),
    ],
)
def test_a_mistake_in_the_private_file_names_its_line(main: str, line: int, words: list[str]) -> None:
    (problem,) = problems(main)
    assert problem.startswith(f"aiwatch.toml:{line}: " if line else "aiwatch.toml: ")
    for word in words:
        assert word in problem


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ('email = "pw-secret"', ["email: this is no mail address"]),
        ('email = "a@b.org, pw-secret@c.org"', ["email: this is no mail address", "one address a recipient"]),
        ('email = ""', ["email: this is no mail address"]),
        ('email = { env = "WRONG" }', ["email: this is no mail address"]),
        ('webhook = "pw-secret.example/hook"', ["webhook: this is no address", "https://"]),
        ('slack = "https:///pw-secret"', ["slack: this is no address"]),
        ('discord = "https://discord.example/pw-secret x"', ["discord: this is no address"]),
        ('apprise = "pw-secret"', ["apprise: this is no address of Apprise's"]),
        ('webhook = "https://x.example/"\nsecrets = ["pw-secret"]', ["secrets: this signing key is too short"]),
        ('webhook = "https://x.example/"\nsecrets = ["whsec_pw-secret1"]', ["secrets: this signing key", "not base64"]),
    ],
)
def test_a_recipient_that_nobody_could_reach_is_refused_at_the_start_and_not_quoted(channel: str, words: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        read(f'[[recipient]]\nid = "a"\n{channel}', secrets={"env:WRONG": "pw-secret"})
    (problem,) = caught.value.problems
    assert problem.startswith(f"aiwatch.toml:{4 if 'secrets' in channel else 3}: ")
    assert "pw-secret" not in problem
    for word in words:
        assert word in problem


@pytest.mark.parametrize(
    "channel",
    [
        'email = "Kim Y. <kim@example.org>"',
        'email = "kim@한국.example"',
        'webhook = "http://127.0.0.1:8000/in"',
        'apprise = "tgram://token/chat"',
        'webhook = "https://x.example/"\nsecrets = ["sixteen letters!", "whsec_c2VjcmV0"]',
    ],
)
def test_what_can_be_reached_is_taken(channel: str) -> None:
    assert read(f'[[recipient]]\nid = "a"\n{channel}').recipient("a")


DIGEST = '[[recipient]]\nid = "me"\nemail = "a@b"\n[[digest]]\nid = "d"\nrecipients = ["me"]\nschedule = "hourly"\n'


@pytest.mark.parametrize(
    ("extra", "line", "words"),
    [
        ('timezone = "Asia/Soul"', 8, ['"Asia/Soul"', "IANA", '"Asia/Seoul"']),
        ('modalities = ["vidoe"]', 8, ["digest.modalities", "'vidoe'", "'video'"]),
        ('sources = ["lab-blg"]', 8, ['no source "lab-blg"', 'did you mean "lab-blog"?']),
        ('lang = "fr"', 8, ["digest.lang", "'fr'"]),
        ('langs = ["ko", "kr"]', 8, ["digest.langs", "'kr'", "the language is ko"]),
        ('langs = ["Korean"]', 8, ["digest.langs", "such as ko"]),
        ('quiet = { start = "25:00", end = "07:00" }', 8, ["digest.quiet.start", "'25:00'"]),
        ('[[digest]]\nid = "d"\nschedule = "immediate"\nrecipients = ["me"]', 9, ['id "d" is used by two digests']),
    ],
)
def test_a_mistake_in_a_digest_names_its_line(extra: str, line: int, words: list[str]) -> None:
    (problem,) = problems(DIGEST + extra)
    assert problem.startswith(f"aiwatch.toml:{line}: ")
    for word in words:
        assert word in problem


@pytest.mark.parametrize("schedule", ["sometimes", "99 * * * *", "weekdays 25:00", ""])
def test_a_schedule_that_cannot_be_is_refused(schedule: str) -> None:
    (problem,) = problems(DIGEST.replace("hourly", schedule))
    assert problem.startswith("aiwatch.toml:7: schedule: found")


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (
            '[[source]]\nid = "lab-blog"\nurl = "https://x.example/"',
            ["sources.toml:16:", 'id "lab-blog" is used twice', "sources.toml:1"],
        ),
        (
            '[[source]]\nid = "x"\nurl = "ftp://x.example/"',
            ["sources.toml:17:", "'ftp://x.example/'", "begins with http:// or https://"],
        ),
        ('[[source]]\nid = "x"\nurl = "https://x.example/"\nkid = "feed"', ["sources.toml:18:", 'did you mean "kind"?']),
        ('[[source]]\nid = "x"\nurl = "https://x.example/"\ntimezone = "Mars/X"', ["sources.toml:18:", "Mars/X"]),
        ('[[source]]\nid = "x"\nurl = "https://x.example/"\nlang = "Korean"', ["sources.toml:18:", "source.lang", "such as ko"]),
        (
            '[[source]]\nid = "x"\nurl = "https://x.example/"\nlang = "jp"',
            ["sources.toml:18:", "source.lang", "the language is ja"],
        ),
        ('[[source]]\nid = "x"\nurl = "https://x.example:99999/"', ["sources.toml:17:", "source.url", "names a host"]),
        (
            '[[source]]\nid = "x"\nurl = "https://x.example/"\nkind = "page"',
            ["sources.toml:15: options: a page needs exactly one of"],
        ),
        ('[[source]]\nid = "x"\nurl = "https://x.example/"\nkind = "fed"', ["sources.toml:18:", "'fed'", "'feed'"]),
        ('[[source]]\nid = "x"', ["sources.toml:15:", '"source.url" is missing']),
    ],
)
def test_a_mistake_in_the_list_of_sources_names_its_line(extra: str, words: list[str]) -> None:
    (problem,) = problems(sources=SOURCES + extra)
    for word in words:
        assert word in problem


@pytest.mark.parametrize("value", ["inf", "9e15"])
@pytest.mark.parametrize(
    ("table", "key"),
    [
        ("polling", "alert_window_hours"),
        ("polling", "failing_notice_hours"),
        ("http", "host_gap"),
        ("smtp", "timeout"),
    ],
)
def test_a_span_that_no_calendar_holds_is_refused_with_its_line(table: str, key: str, value: str) -> None:
    (problem,) = problems(f"[{table}]\n{key} = {value}")
    assert problem.startswith(f"aiwatch.toml:2: {table}.{key}: found ")
    assert "less than or equal to" in problem


def test_a_poll_in_the_year_ten_thousand_is_refused_with_its_line() -> None:
    (interval,) = problems(sources=f"[[source]]\nid = 'a'\nurl = 'https://a.example'\ninterval = {10**12}")
    assert interval.startswith("sources.toml:4: source.interval: found ")
    for key in ("max_interval", "lease"):
        (problem,) = problems(f"[polling]\n{key} = {10**12}")
        assert problem.startswith(f"aiwatch.toml:2: polling.{key}: found ")


def test_every_mistake_is_reported_in_the_order_of_the_lines() -> None:
    found = problems('x = 1\n[http]\ntimeout = "a"\n[web]\nport = 0')
    assert [problem.split(":")[1] for problem in found] == ["1", "3", "5"]


def test_the_environment_overrides_scalars_and_is_checked_like_the_file() -> None:
    env = {
        "AIWATCH_SMTP_PORT": "2525",
        "AIWATCH_HTTP_HTTP2": "no",
        "AIWATCH_DATABASE": "/tmp/x.db",
        "AIWATCH_HTTP_CONTACT": "me@x",
    }
    found = read('database = "other.db"', env=env)
    assert (found.smtp.port, found.http.http2, found.database, found.http.contact) == (2525, False, "/tmp/x.db", "me@x")
    (problem,) = problems('[smtp]\nhost = "h"\nport = 25', env={"AIWATCH_SMTP_PORT": "mail"})
    assert problem.startswith("the environment variable AIWATCH_SMTP_PORT: smtp.port: found 'mail'"), (
        "no line of the file is wrong"
    )
    (problem,) = problems(env={"AIWATCH_HTTP_PROXY_FILE": "/run/nowhere"})
    assert problem.startswith("the environment variable AIWATCH_HTTP_PROXY_FILE: proxy: the file /run/nowhere is not there")


def test_what_a_neighbour_sets_is_no_setting() -> None:
    """Kubernetes gives every container the addresses of its services: one called aiwatch-web is AIWATCH_WEB_PORT."""
    env = {"AIWATCH_WEB_PORT": "tcp://10.0.0.1:8731", "AIWATCH_SMTP_PORT": "tcp://10.0.0.2:25"}
    found = read("[web]\nport = 9000", env=env)
    assert (found.web.port, found.smtp.port) == (9000, 587)
    (problem,) = problems("[web]\nport = 0", env=env)
    assert problem.startswith("aiwatch.toml:2: web.port: found 0"), "the line of the file is wrong, not the environment"


def test_what_is_nested_without_end_is_a_mistake_like_any_other() -> None:
    """A list of sources is shared: what a stranger's holds must not be a traceback."""
    (own,) = problems(f"operators = {'[' * 5000}")
    assert own == "aiwatch.toml: not TOML: arrays or tables are nested too deep"
    (shared,) = problems(sources=f'[[source]]\nid = "lab"\ntier = {"[" * 5000}')
    assert shared == "sources.toml: not TOML: arrays or tables are nested too deep"


def test_a_secret_may_come_from_a_file_named_in_the_environment() -> None:
    found = read(env={"AIWATCH_SMTP_PASSWORD_FILE": "/run/pw"}, secrets={"file:/run/pw": "deep"})
    assert found.smtp.password == Secret("deep")


# --- places in TOML -------------------------------------------------------------------------------------------------------

NAMES = st.text("abcdefgh", min_size=1, max_size=6)
VALUES = st.sampled_from(
    [
        *("1", '"x"', '"[no.header]"', "[1, 2]", '[\n  "a = 1",\n  "[b]",\n]', '"""\n[t]\nk = 1\n"""', "{ a = 1 }"),
        *("'''[^'\"[]'''", "\"'''\"", '"# ["', "[ # don't [\n  1,\n]", "['''\n[t]\n''']", '1 # it\'s """ ['),
    ]
)


@given(st.lists(st.tuples(NAMES, st.lists(st.tuples(NAMES, VALUES), max_size=4)), max_size=5))
def test_every_key_is_found_on_the_line_where_it_was_written(tables: list[tuple[str, list[tuple[str, str]]]]) -> None:
    lines, expected, counts = [], {}, dict[str, int]()
    for name, pairs in tables:
        counts[name] = counts.get(name, -1) + 1
        lines.append(f"[[{name}]]")
        expected[name, counts[name]] = len(lines)
        for key, value in pairs:
            expected.setdefault((name, counts[name], key), len(lines) + 1)  # type: ignore[arg-type]
            lines += f"{key} = {value}".split("\n")
    found = places("\n".join(lines))
    assert {path: found.get(path) for path in expected} == expected


def test_what_breaks_a_line_elsewhere_ends_none_of_toml() -> None:
    found = places('a = "x\u2028y\x85z"\r\n# \x0c\r\nb = """\r\nt = 1\r\n"""\r\n[c]\r\nd = 1')
    assert found == {("a",): 1, ("b",): 3, ("c",): 6, ("c", "d"): 7}


def test_a_missing_key_is_placed_at_its_table() -> None:
    found = places('[a]\nb = 1\n[[c]]\nd = 1\n[c.e]\n"x y" = 2\n')
    assert line_of(found, ("c", 0, "nothing")) == 3
    assert line_of(found, ("c", 0, "e", "x y")) == 6
    assert line_of(found, ("z",)) == 0


def test_what_runs_knows_a_source_s_vendor_by_the_name_that_the_rules_give_it(tmp_path: Path) -> None:
    (tmp_path / "aiwatch.toml").write_text('rules = "rules.toml"\n', "utf-8")
    (tmp_path / "rules.toml").write_text('[vendors."Zen Labs"]\nnames = ["Zen"]\n', "utf-8")
    entries = [
        f'[[source]]\nid = "s{n}"\nurl = "https://lab.example/{n}"\nvendor = "{name}"\n'
        for n, name in enumerate(("DeepMind", "zen", "Nobody's Lab"))
    ]
    (tmp_path / "sources.toml").write_text("\n".join(entries), "utf-8")
    read = app.load_config(str(tmp_path / "aiwatch.toml"), env={})
    assert [one.vendor for one in app.with_makers(read).sources] == ["Google", "Zen Labs", "Nobody's Lab"]


def test_a_secret_of_a_file_is_its_text_and_stands_beside_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "aiwatch.toml").write_text('[smtp]\npassword = { file = "smtp.secret" }\n', "utf-8")
    (tmp_path / "smtp.secret").write_text("hunter2\n", "utf-8-sig")
    password = app.load_config(str(tmp_path / "aiwatch.toml"), env={}).smtp.password
    assert password is not None
    assert password.reveal() == "hunter2"


def test_a_secret_of_a_file_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "aiwatch.toml").write_text('[smtp]\npassword = { file = "smtp.secret" }\n', "utf-8")
    (tmp_path / "smtp.secret").write_bytes(b"h\xfcnter2")
    with pytest.raises(ConfigError, match=r"aiwatch.toml:2: password: the file smtp.secret .* is no text in UTF-8"):
        app.load_config(str(tmp_path / "aiwatch.toml"), env={})
