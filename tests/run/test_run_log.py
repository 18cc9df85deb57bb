"""The log: one line of JSON each, without secrets, and quiet libraries."""

from __future__ import annotations

import io
import json
import logging
import re
import subprocess
import sys

import pytest

from aiwatch.cli.running import JsonLines, Lines, PlainLines

SECRET = "tok-a1b2c3d4e5"


def broken(said: str = f"GET https://user:{SECRET}@x.example/feed?api_key={SECRET}") -> None:
    raise RuntimeError(said)


def test_a_bug_s_trace_stays_one_line_and_keeps_no_secret() -> None:
    try:
        broken()
    except RuntimeError:
        record = logging.LogRecord("aiwatch", logging.ERROR, __file__, 1, "poll of %s failed", ("lab",), sys.exc_info())
    line = JsonLines().format(record)
    assert "\n" not in line
    assert SECRET not in line
    read = json.loads(line)
    assert (read["level"], read["where"], read["text"]) == ("error", "aiwatch", "poll of lab failed")
    assert "RuntimeError" in read["trace"]
    assert "x.example" in read["trace"]


def test_no_words_of_others_begin_a_line_or_steer_a_terminal() -> None:
    try:
        broken("of a title\n2026-11-27 00:00:00 ERROR   forged\x1b[2J")
    except RuntimeError:
        trace = sys.exc_info()
    said = "GPT-9\r\n2026-11-27 00:00:00 ERROR   forged \x1b]0;owned\x07 \x9b2J \u202eabc\u2028x"
    record = logging.LogRecord("aiwatch", logging.ERROR, __file__, 1, "%s", (said,), trace)
    plain = PlainLines("%(levelname)s %(message)s").format(record)
    first, *rest = plain.split("\n")
    assert first.startswith("ERROR GPT-9 2026-11-27")
    assert all(line.startswith("    ") for line in rest)
    for line in (plain.replace("\n", ""), JsonLines().format(record)):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e]", line)


def test_json_goes_to_standard_error_and_a_tick_that_is_skipped_is_no_line() -> None:
    program = (
        "import logging; from aiwatch.cli.running import start_log; start_log('json', 'info');"
        "logging.getLogger('aiwatch').info('소라 %s', 'line\\nbreak');"
        "logging.getLogger('apscheduler.executors.default').warning('maximum number of running instances reached')"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert json.loads(line)["text"] == "소라 line\nbreak"


@pytest.mark.parametrize("spoil", ["'%s and %s', 1", "Hostile()"])
def test_a_line_that_cannot_be_logged_quotes_no_error_under_way(spoil: str) -> None:
    program = f"""
import logging
from aiwatch.cli.running import start_log
class Hostile:
    def __str__(self):
        raise RuntimeError("tok-apprise-1")
start_log("text", "info")
try:
    raise OSError("no route to http://127.0.0.1/tok-apprise-1")
except OSError:
    logging.getLogger("apprise").warning({spoil})
logging.getLogger("aiwatch").warning("and on it goes")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    first, second = done.stderr.splitlines()
    assert first == "a line of apprise (<string>:11) could not be logged"
    assert second.endswith("and on it goes")


def test_a_log_whose_stream_is_gone_stops_nobody() -> None:
    stream = io.StringIO()
    handler = Lines(stream)
    stream.close()
    handler.emit(logging.LogRecord("aiwatch", logging.ERROR, __file__, 1, "anything", (), None))
