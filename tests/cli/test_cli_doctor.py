"""What ``aiwatch doctor`` finds in a configuration that is read without a complaint and does not do what was meant."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from aiwatch.cli import cli, wayout
from aiwatch.digest import compose
from aiwatch.model import Delivery, DeliveryState, ident
from aiwatch.settings import Subscription
from aiwatch.store.lock import DaemonLock
from aiwatch.store.sqlite import SqliteStore

SOURCE = '[[source]]\nid = "{0}"\nurl = "https://{1}.example/feed"\n'
CONFIG = """
operators = ["me"]
[http]
contact = "me@example.org"
[smtp]
host = "mail.example.org"
[[recipient]]
id = "me"
email = "me@example.org"
[[digest]]
id = "daily"
schedule = "daily 9:00"
recipients = ["me"]
"""


def found(tmp_path: Path, config: str = CONFIG, sources: str = SOURCE.format("lab", "lab")) -> dict[str, str]:
    """The warnings, what by what."""
    (tmp_path / "aiwatch.toml").write_text(config, "utf-8")
    (tmp_path / "sources.toml").write_text(sources, "utf-8")
    proxies = dict.fromkeys(wayout.VARIABLES)  # whatever this machine has
    answer = CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), "doctor", "--json"], env=proxies)
    assert answer.exit_code == 0, answer.output
    return {
        one["what"]: one["found"] for one in json.loads(answer.stdout) if one["verdict"] == "warn" and one["what"] != "database"
    }


def test_a_configuration_without_a_fault_is_told_nothing(tmp_path: Path) -> None:
    assert found(tmp_path) == {}


@pytest.mark.parametrize(
    ("before", "after", "what", "told"),
    [
        ('operators = ["me"]', "", "operators", "nobody hears of a source that is down"),
        ("[[digest]]", '[[recipient]]\nid = "lost"\nemail = "b@example.org"\n[[digest]]', "recipient", '"lost" is in no digest'),
        ("schedule", 'vendors = ["OpenIA"]\nschedule', "digest", '"daily": no vendor is called "OpenIA"; did you mean "OpenAI"?'),
        ("schedule", 'vendors = ["오픈AI"]\nschedule', "digest", '"daily": the vendor "오픈AI" is written "OpenAI" here'),
    ],
)
def test_what_would_be_silent_for_ever_is_named(tmp_path: Path, before: str, after: str, what: str, told: str) -> None:
    (warned,) = found(tmp_path, CONFIG.replace(before, after, 1)).items()
    assert (warned[0], told in warned[1]) == (what, True)


def test_the_container_s_health_is_that_the_daemon_runs_and_ticks(tmp_path: Path) -> None:
    image = (Path(__file__).parents[2] / "deploy" / "Dockerfile").read_text("utf-8")
    (probe,) = re.findall(r"^HEALTHCHECK .* CMD (\[.*\])$", image, re.MULTILINE)
    program, *words = json.loads(probe)
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    database = tmp_path / "db" / "aiwatch.db"

    def asked(*more: str) -> int:
        return CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), *words, *more]).exit_code

    assert (program, asked(), asked("--network")) == ("aiwatch", 1, 2)
    now = datetime.now(UTC)
    with SqliteStore(str(database)) as store:
        store.heartbeat(now, "tick")
        _give_up(store, now)
        assert asked() == 1, "it has ticked, and does not run"
        with DaemonLock(str(database)):
            assert asked() == 0, "a message that was given up is no matter of life"
            store.heartbeat(now - timedelta(minutes=3), "tick")
            assert asked() == 1


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        ((300,), [("warn", "1 given up long ago")]),
        ((1, 2, 300), [("fail", "2 given up in the last days"), ("warn", "1 given up before that")]),
    ],
)
def test_what_was_given_up_long_ago_fails_nothing(tmp_path: Path, ages: tuple[int, ...], told: list[tuple[str, str]]) -> None:
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    with SqliteStore(str(tmp_path / "db" / "aiwatch.db")) as store:
        for age in ages:
            _give_up(store, datetime.now(UTC) - timedelta(days=age))
    answer = CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), "doctor", "--json"])
    assert [(one["verdict"], one["found"]) for one in json.loads(answer.stdout) if one["what"] == "deliveries"] == told


def _give_up(store: SqliteStore, at: datetime) -> None:
    edition = compose.nothing(Subscription(id="daily", title="Daily", schedule="9:00"), [f"{at}"], now=at)
    dead = Delivery(
        id=ident("dead", f"{at}"),
        edition_id=edition.id,
        digest_id="daily",
        recipient_id="me",
        subject="AI models",
        body={"text": "x"},
        created_at=at,
        state=DeliveryState.DEAD,
    )
    assert store.publish(edition, [dead], [])


def test_a_vendor_that_only_a_source_knows_is_one(tmp_path: Path) -> None:
    own = SOURCE.format("lab", "lab") + 'vendor = "Quillon AI"\n'
    assert found(tmp_path, CONFIG.replace("schedule", 'vendors = ["quillon ai", "google"]\nschedule', 1), own) == {}


def test_a_list_that_polls_nothing_or_one_address_twice_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, sources="") == {"sources": "none is polled"}
    twice = SOURCE.format("lab", "lab") + SOURCE.format("copy", "lab")
    assert found(tmp_path, sources=twice) == {"sources": "lab, copy are one address"}
    other = SOURCE.format("lab", "lab") + SOURCE.format("copy", "lab") + 'kind = "page"\noptions = { item = "li" }\n'
    assert found(tmp_path, sources=other) == {}


def test_a_secret_that_is_not_to_be_had_is_no_mistake_of_the_configuration(tmp_path: Path) -> None:
    lacking = CONFIG.replace("[smtp]", '[smtp]\nusername = "me"\npassword = { env = "NOT_SET_ANYWHERE" }')
    (tmp_path / "aiwatch.toml").write_text(lacking, "utf-8")
    answer = CliRunner().invoke(cli, ["-c", str(tmp_path / "aiwatch.toml"), "doctor", "--json"])
    verdicts = [(one["what"], one["verdict"]) for one in json.loads(answer.stdout)][:2]
    assert verdicts == [("secrets", "fail"), ("configuration", "ok")]


def test_a_mistake_of_the_environment_is_not_looked_for_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "aiwatch.toml").write_text(CONFIG, "utf-8")
    command = ["-c", str(tmp_path / "aiwatch.toml"), "doctor", "--json"]
    answer = CliRunner().invoke(cli, command, env={"AIWATCH_SMTP_PORT": "mail"})
    assert answer.exit_code == 1
    (wrong,) = [one for one in json.loads(answer.stdout) if one["what"] == "configuration"]
    assert wrong["found"].startswith("the environment variable AIWATCH_SMTP_PORT: ")
    assert wrong["advice"] == "mend it where the service is started"
