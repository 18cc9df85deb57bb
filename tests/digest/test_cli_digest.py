"""The commands about digests and deliveries, over real files and real servers."""

from __future__ import annotations

import asyncio
import contextlib
import csv
import json
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from delivery_samples import HttpReceiver, SmtpReceiver, find, http_receiver, smtp_receiver
from digest_samples import week

from aiwatch import app
from aiwatch.cli import doctor, running
from aiwatch.cli.deliveries import command as deliveries
from aiwatch.cli.digest import command as digest
from aiwatch.cli.notify import command as notify
from aiwatch.errors import Busy, ConfigError, StoreError
from aiwatch.model import Delivery, DeliveryState
from aiwatch.settings import Config
from aiwatch.store import maintenance
from aiwatch.store.lock import DaemonLock
from aiwatch.store.sqlite import SqliteStore

CONFIG = """
operators = ["me"]
[smtp]
host = "127.0.0.1"
port = {smtp}
security = "none"
sender = "watch@example.org"
[[recipient]]
id = "me"
email = "me@example.com"
lang = "ko"
[[recipient]]
id = "hook"
webhook = "http://127.0.0.1:{http}/in"
allow_private = true
[[digest]]
id = "daily"
title = "AI models"
schedule = "weekdays 08:00"
timezone = "Asia/Seoul"
recipients = ["me", "hook"]
[[digest]]
id = "alerts"
schedule = "immediate"
recipients = ["me"]
quiet = {{ start = "00:00", end = "23:59" }}
"""


@dataclass
class Bench:
    """A directory with a configuration and a database, and the servers it speaks to."""

    path: Path
    mail: SmtpReceiver
    http: HttpReceiver

    def run(self, command: object, *args: str) -> Result:
        obj = {"config": str(self.path / "aiwatch.toml"), "db": None}
        return CliRunner().invoke(command, args, obj=obj, catch_exceptions=False)  # type: ignore[arg-type]

    @property
    def store(self) -> SqliteStore:
        return SqliteStore(str(self.path / "db" / "aiwatch.db"))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """The servers run in a thread of their own; the commands bring their own loop."""
    loop, started, stop = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    servers: list[tuple[SmtpReceiver, HttpReceiver]] = []

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            servers.append((await stack.enter_async_context(smtp_receiver()), await stack.enter_async_context(http_receiver())))
            started.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    assert started.wait(60)
    mail, http = servers[0]
    (tmp_path / "aiwatch.toml").write_text(CONFIG.format(smtp=mail.port, http=http.port))
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "db").mkdir()
    made = Bench(path=tmp_path, mail=mail, http=http)
    now = datetime.now(UTC) - timedelta(hours=2)
    with made.store as store:
        store.register("daily", now)
        for told in week()[:2]:
            find(store, told, now, "daily")
    yield made
    loop.call_soon_threadsafe(stop.set)
    thread.join(60)
    loop.close()


def test_a_preview_shows_what_waits_and_claims_nothing(bench: Bench) -> None:
    text = bench.run(digest, "preview", "daily")
    assert text.exit_code == 0
    assert text.output.startswith("AI models: Sora, Gemini 1.5 Pro\n\nAI models\n")
    assert "새 모델" in text.output
    assert "새 발표 2건" in text.output
    assert "<html" in bench.run(digest, "preview", "daily", "--html", "--lang", "en").output
    values = json.loads(bench.run(digest, "preview", "daily", "--json").output)
    assert [one["name"] for one in values["announcements"]] == ["Sora", "Gemini 1.5 Pro"]
    assert bench.run(digest, "preview", "daily", "--to", "hook").output.startswith("{")
    with bench.store as store:
        assert len(store.pending("daily", datetime.now(UTC))) == 2


@pytest.mark.parametrize("words", ["preview daily", "send daily --dry-run", "next"])
def test_a_look_writes_nothing_and_leaves_an_older_database_as_it_is(bench: Bench, words: str) -> None:
    path = bench.path / "db" / "aiwatch.db"

    def content() -> list[str]:
        with closing(sqlite3.connect(path)) as db:
            return list(db.iterdump())

    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM secret")
    before = content()
    assert bench.run(digest, *words.split()).exit_code == 0
    assert content() == before
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("DELETE FROM _sqlite_migrations WHERE name = (SELECT max(name) FROM _sqlite_migrations)")
    before = content()
    with pytest.raises(StoreError, match="older version; `aiwatch db migrate`"):
        bench.run(digest, *words.split())
    assert content() == before


def test_a_sample_goes_to_anybody_and_claims_nothing(bench: Bench) -> None:
    dry = bench.run(digest, "send", "daily", "--to", "you@example.net", "--dry-run")
    assert dry.output == "would send to sample (email): AI models: Sora and Gemini 1.5 Pro\n"
    dry = bench.run(digest, "send", "daily", "--to", "you@example.com", "--dry-run", "--json")
    assert json.loads(dry.stdout) == {"recipient": "sample", "channel": "email", "subject": "AI models: Sora and Gemini 1.5 Pro"}
    assert bench.mail.kept == []
    sent = bench.run(digest, "send", "daily", "--to", "you@example.net", "--since", "7d")
    assert sent.exit_code == 0
    assert len(bench.mail.mails("you@example.net")) == 1
    with bench.store as store:
        assert len(store.pending("daily", datetime.now(UTC))) == 2
    bench.mail.modes["no@example.net"] = "rcpt 550 5.1.1 no such user"
    failed = bench.run(digest, "send", "daily", "--to", "no@example.net")
    assert failed.exit_code == 1
    assert "550" in failed.output


def test_a_pass_that_begins_while_a_person_sends_sends_nothing_a_second_time(bench: Bench) -> None:
    again: list[Delivery] = []
    database = str(bench.path / "db" / "aiwatch.db")

    def begin(_path: str, _nth: int) -> tuple[int | str, dict[str, str]]:
        with contextlib.suppress(Busy), DaemonLock(database), bench.store as store:
            store.release(datetime.now(UTC))
            again.extend(store.claim_deliveries(datetime.now(UTC), 10, timedelta(minutes=5)))
        return 200, {}

    bench.http.answer = begin
    sent = bench.run(digest, "send", "daily")
    assert (sent.exit_code, again) == (0, [])
    with DaemonLock(database):
        pass  # and it let go


def test_a_daemon_that_is_restarted_while_a_person_sends_sends_nothing_a_second_time(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    database, again = str(bench.path / "db" / "aiwatch.db"), list[Delivery]()
    daemon = contextlib.ExitStack()
    daemon.enter_context(DaemonLock(database))

    def restart(_path: str, _nth: int) -> tuple[int | str, dict[str, str]]:
        daemon.close()
        with DaemonLock(database), bench.store as store:
            running.begin(store, Config(database=database))
            again.extend(store.claim_deliveries(datetime.now(UTC), 10, timedelta(minutes=5), ["me"]))
        return 200, {}

    bench.http.answer = restart
    assert bench.run(digest, "send", "daily").exit_code == 0
    assert (len(bench.http.seen), again) == (1, [])
    assert "another process is sending" in caplog.text


def test_what_a_process_that_died_was_sending_is_due_at_the_next_start(bench: Bench) -> None:
    bench.http.answer = lambda _path, _nth: (500, {})
    bench.run(digest, "send", "daily")
    config = Config(database=str(bench.path / "db" / "aiwatch.db"))
    later = datetime.now(UTC) + timedelta(minutes=5)
    with bench.store as store:
        assert [one.recipient_id for one in store.claim_deliveries(later, 10, timedelta(minutes=20))] == ["hook"]
        running.begin(store, config)
        assert [one.recipient_id for one in store.claim_deliveries(later, 10, timedelta(minutes=20))] == ["hook"]


def test_a_person_sends_beside_a_daemon(bench: Bench) -> None:
    with DaemonLock(str(bench.path / "db" / "aiwatch.db")):
        assert bench.run(digest, "send", "daily").exit_code == 0
    assert len(bench.http.seen) == 1


def test_sending_now_claims_what_waits_and_what_fails_is_resent(bench: Bench) -> None:
    bench.http.answer = lambda path, nth: (404, {})
    sent = bench.run(digest, "send", "daily", "--json")
    assert sent.exit_code == 1
    assert {one["recipient"]: one["verdict"] for one in map(json.loads, sent.stdout.splitlines())} == {
        "me": "sent",
        "hook": "refused",
    }
    assert "1 of 2 deliveries did not arrive yet" in sent.stderr
    assert len(bench.mail.mails("me@example.com")) == 1
    assert "nothing waits" in bench.run(digest, "send", "daily").output
    assert "nothing would be sent" in bench.run(digest, "send", "daily", "--dry-run").output
    (failed,) = json.loads(bench.run(deliveries, "list", "--failed", "--json").output)
    assert (failed["recipient_id"], failed["state"]) == ("hook", "dead")
    shown = bench.run(deliveries, "show", failed["id"][:8])
    assert "refused" in shown.output
    (row,) = csv.DictReader(bench.run(deliveries, "list", "--failed", "--csv").output.splitlines())
    assert (row["id"], row["recipient"], row["state"], row["tries"]) == (failed["id"], "hook", "dead", "1")
    assert row["answer"] == failed["last_answer"]
    assert "404" in shown.output
    assert "OpenAI Sora: announced" in shown.output
    assert bench.run(deliveries, "resend", "--failed", "--dry-run").output.startswith("would send again")
    assert bench.run(deliveries, "resend", "--failed", "--recipient", "hook").exit_code == 0
    assert "to be sent again" in bench.run(deliveries, "resend", failed["id"]).output
    (again,) = json.loads(bench.run(deliveries, "resend", failed["id"], "--json").stdout)
    assert again == {"id": failed["id"], "said": "to be sent again", "refused": False}
    assert bench.run(deliveries, "drop", failed["id"]).output.strip().endswith("dropped")
    assert "dropped" in bench.run(deliveries, "list", "--state", "dropped").output
    assert "no delivery was refused or given up" in bench.run(deliveries, "resend", "--failed").output
    assert "no delivery matches" in bench.run(deliveries, "list", "--failed").output


def test_what_waits_for_a_digest_that_was_renamed_is_named_by_doctor(bench: Bench) -> None:
    config = bench.path / "aiwatch.toml"

    def said() -> list[str]:
        return [one.found for one in doctor.examine(str(config), None, network=False) if one.what == "digests"]

    assert said() == []
    config.write_text(config.read_text().replace('id = "daily"', 'id = "mornings"'))
    (line,) = said()
    assert line.endswith("announcements wait for the digest daily, which is not in the configuration")


def test_templates_that_nothing_uses_are_named_by_doctor(bench: Bench) -> None:
    config = bench.path / "aiwatch.toml"
    config.write_text('templates = "own"\n' + config.read_text())

    def said() -> list[str]:
        return [one.found for one in doctor.examine(str(config), None, network=False) if one.what == "templates"]

    assert said() == [f"{bench.path / 'own'} is no directory"]
    (bench.path / "own").mkdir()
    (bench.path / "own" / "mail.html").write_text("")
    assert said() == []
    (bench.path / "own" / "mail.htm").write_text("")
    assert said() == ["mail.htm is used by nothing"]
    (bench.path / "own" / "mail.htm").rename(bench.path / "own" / ".mail.html.swp")
    (bench.path / "own" / ".mail.html.swp").write_bytes(b"b0VIM\x00\xff")
    assert said() == [".mail.html.swp is used by nothing"], "an editor's file is not read"
    assert bench.run(digest, "preview", "daily").exit_code == 0
    (bench.path / "own" / "mail.txt").write_bytes(b"caf\xe9")
    assert said()[1:] == [f"{bench.path / 'own' / 'mail.txt'}: is no text in UTF-8: byte 3 cannot be one; save it as UTF-8"]


def test_a_template_with_a_mistake_is_named_by_doctor_and_by_the_preview(bench: Bench) -> None:
    config = bench.path / "aiwatch.toml"
    config.write_text('templates = "own"\n' + config.read_text())
    (bench.path / "own").mkdir()
    (bench.path / "own" / "mail.txt").write_text("{{ v.title }}\n{% if v.title %}")
    (finding,) = [one for one in doctor.examine(str(config), None, network=False) if one.what == "templates"]
    assert (finding.verdict, "mail.txt:2: Unexpected end" in finding.found) == ("warn", True)
    with pytest.raises(ConfigError, match=r"^mail\.txt:2: "):
        bench.run(digest, "preview", "daily")


def test_what_was_sent_cannot_be_given_up(bench: Bench) -> None:
    assert bench.run(digest, "send", "daily").exit_code == 0
    (one, _) = json.loads(bench.run(deliveries, "list", "--state", "sent", "--json").output)
    assert "state       sent, 1 try\n" in bench.run(deliveries, "show", one["id"]).output
    for more in ((), ("--dry-run",)):
        refused = bench.run(deliveries, "drop", one["id"], *more)
        assert (refused.exit_code, refused.output) == (1, f"{one['id']}: it was sent; there is nothing to give up\n")
    (left,) = json.loads(bench.run(deliveries, "drop", one["id"], "--json").stdout)
    assert (left["refused"], left["said"]) == (True, "it was sent; there is nothing to give up")
    with bench.store as store:
        assert not store.settle_by_hand(one["id"], DeliveryState.DROPPED, datetime.now(UTC), "dropped by hand")
    assert len(json.loads(bench.run(deliveries, "list", "--state", "sent", "--json").output)) == 2


def test_a_sample_goes_to_an_address_and_to_nothing_else(bench: Bench) -> None:
    for address in ("http://[bad", "you@", "https://hooks.slack.com:0/x"):
        for more in ((), ("--dry-run",)):
            refused = bench.run(digest, "send", "daily", "--to", address, *more)
            assert (refused.exit_code, f"--to {address}: this is no" in refused.output) == (2, True)
    wrong = bench.run(digest, "send", "daily", "--to", "you", "--dry-run")
    assert (wrong.exit_code, "--to you: neither a mail address nor a URL" in wrong.output) == (2, True)


def test_a_mail_server_that_is_not_there_is_told_in_words(bench: Bench) -> None:
    config = bench.path / "aiwatch.toml"
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        config.write_text(config.read_text().replace(f"port = {bench.mail.port}", f"port = {unheard.getsockname()[1]}"))
        answer = bench.run(notify, "test", "me")
    assert answer.exit_code == 1
    assert answer.output.rstrip().endswith(": the server refused the connection")


def test_a_delivery_whose_text_retention_removed_is_not_sent_again(bench: Bench) -> None:
    assert bench.run(digest, "send", "daily").exit_code == 0
    (sent, *_) = json.loads(bench.run(deliveries, "list", "--state", "sent", "--json").output)
    with bench.store as store:
        maintenance.prune(store.path, datetime.now(UTC) + timedelta(days=1), datetime.now(UTC))
    with pytest.raises(StoreError, match="retention removed its text"):
        bench.run(deliveries, "resend", sent["id"])
    assert sent["id"] in bench.run(deliveries, "list", "--state", "sent").output


def test_the_coming_times_are_told_in_the_readers_zone(bench: Bench) -> None:
    told = bench.run(digest, "next", "--count", "2").output.splitlines()
    assert told[0].split() == ["digest", "comes", "timezone", "waiting", "schedule", "note"]
    assert all(re.fullmatch(r"daily   \d{4}-\d\d-\d\d 08:00  Asia/Seoul        2  weekdays 08:00", line) for line in told[1:3])
    assert told[3].startswith("alerts  ")
    assert told[3].endswith(("quiet until then", "at once, as soon as something is found"))
    rows = list(csv.DictReader(bench.run(digest, "next", "daily", "--csv").output.splitlines()))
    assert {row["comes"][10:] for row in rows} == {"T08:00:00+09:00"}
    daily, alerts = json.loads(bench.run(digest, "next", "--json").output)
    assert len(daily["next"]) == 3
    assert (alerts["next"], alerts["immediate"]) == ([], True)


def test_a_test_message_says_whether_recipients_are_reached(bench: Bench) -> None:
    done = bench.run(notify, "test", "--all")
    assert done.exit_code == 0
    assert "reached  me (email)" in done.output
    (mail,) = bench.mail.mails("me@example.com")
    assert mail["Subject"] == "aiwatch: 테스트 메시지"
    ((_, head, body, _),) = bench.http.seen
    assert json.loads(body)["type"] == head["x-aiwatch-event"] == "test"
    bench.http.answer = lambda path, nth: (500, {})
    failed = bench.run(notify, "test", "hook", "--json")
    assert failed.exit_code == 1
    assert json.loads(failed.output)["verdict"] == "retry"
    assert "would send" in bench.run(notify, "test", "me", "--dry-run").output
    assert json.loads(bench.run(notify, "test", "me", "--dry-run", "--json").stdout)["recipient"] == "me"


def test_who_unsubscribed_is_listed_named_by_doctor_and_written_to_again(bench: Bench) -> None:
    def warned() -> list[str]:
        looked = doctor.examine(str(bench.path / "aiwatch.toml"), None, network=False)
        return [one.found for one in looked if one.what == "recipient"]

    assert (bench.run(notify, "muted").stderr, warned()) == ("everybody is written to\n", [])
    with bench.store as store:
        store.mute("me", "daily", "unsubscribed", datetime.now(UTC))
        store.mute("hook#0123456789abcdef", None, "the address answered 410 Gone", datetime.now(UTC))
    listed = json.loads(bench.run(notify, "muted", "--json").output)
    assert {(one["recipient"], one["digest"]) for one in listed} == {("me", "daily"), ("hook", "all")}
    assert '"me" is sent nothing of the digest daily: unsubscribed' in warned()
    assert bench.run(notify, "resume", "me", "--digest", "alerts").exit_code == 1
    assert bench.run(notify, "resume", "me").output == "me is written to again: daily\n"
    assert bench.run(notify, "resume", "hook").output == "hook is written to again: all digests\n"
    assert "had not been stopped" in bench.run(notify, "resume", "me").output
    assert bench.run(digest, "send", "daily").exit_code == 0
    assert len(bench.mail.mails("me@example.com")) == 1


@pytest.mark.parametrize("dry", [(), ("--dry-run",)])
def test_sending_to_nobody_claims_nothing_and_says_who_is_not_written_to(bench: Bench, dry: tuple[str, ...]) -> None:
    gone = "the address answered 410 Gone"
    with bench.store as store:
        store.mute("me", "daily", "unsubscribed", datetime.now(UTC))
    some = bench.run(digest, "send", "daily", "--dry-run")
    assert (some.exit_code, some.stderr) == (0, "me is sent nothing: unsubscribed\n")
    assert some.stdout.startswith("would send to hook (webhook): ")
    with bench.store as store:
        hook = app.load_config(str(bench.path / "aiwatch.toml")).recipient("hook")
        assert hook is not None
        store.mute(hook.address_key, None, gone, datetime.now(UTC))
    none = bench.run(digest, "send", "daily", *dry)
    assert (none.exit_code, none.stdout) == (1, "")
    assert none.stderr.splitlines() == [
        "me is sent nothing: unsubscribed",
        f"hook is sent nothing: {gone}",
        "Error: digest daily: nobody is left to send it to; nothing was sent, and what waits goes on waiting",
    ]
    with bench.store as store:
        assert len(store.pending("daily", datetime.now(UTC))) == 2


def test_templates_can_be_taken_over(bench: Bench) -> None:
    own = bench.path / "templates"
    own.mkdir()
    (own / "mail.txt").write_text("{{ v.title }}, in my own words\n")
    written = bench.run(digest, "templates", str(own))
    assert "mail.txt: is there already" in written.output
    assert sorted(path.name for path in own.iterdir()) == [
        "mail.css",
        "mail.html",
        "mail.txt",
        "messages.en.toml",
        "messages.ko.toml",
    ]
    config = bench.path / "aiwatch.toml"
    config.write_text(f'templates = "templates"\n{config.read_text()}')
    assert bench.run(digest, "preview", "daily").output.endswith("AI models, in my own words\n")


@pytest.mark.parametrize(
    ("command", "args"),
    [(digest, ("preview", "nope")), (digest, ("preview", "daily", "--to", "nope")), (notify, ("test", "nope"))],
)
def test_a_wrong_name_is_answered_with_the_right_ones(bench: Bench, command: object, args: tuple[str, ...]) -> None:
    with pytest.raises(Exception, match="configured are: "):
        bench.run(command, *args)


def test_a_preview_before_the_first_poll_says_so_and_when_it_comes(tmp_path: Path) -> None:
    bench = Bench(path=tmp_path, mail=SmtpReceiver(), http=HttpReceiver())
    (tmp_path / "aiwatch.toml").write_text(CONFIG.format(smtp=25, http=80), "utf-8")
    lab = '[[source]]\nid = "{0}"\nurl = "https://{0}.example/feed"\n'
    (tmp_path / "sources.toml").write_text(lab.format("a") + lab.format("b") + "enabled = false\n" + lab.format("c"), "utf-8")
    bench.store.close()
    korean = bench.run(digest, "preview", "daily")
    assert "아직 한 번도 수집하지 않았습니다. 설정된 출처는 2곳입니다." in korean.stdout
    assert "곳 중" not in korean.stdout
    english = bench.run(digest, "preview", "daily", "--lang", "en", "--since", "7d")
    assert "Nothing has been polled yet; 2 sources are configured.\n" in english.stdout
    assert english.stderr.startswith("Nothing has been polled yet; the first poll comes as soon as `aiwatch run`")
    with DaemonLock(str(tmp_path / "db" / "aiwatch.db")):
        assert "the first poll is under way" in bench.run(digest, "preview", "daily").stderr
    (tmp_path / "sources.toml").write_text("", "utf-8")
    assert "no source is enabled" in bench.run(digest, "preview", "daily").stderr
