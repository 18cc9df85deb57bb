"""The log: one line of JSON each, without secrets, and quiet libraries."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

from aiwatch.cli.running import JsonLines

SECRET = "tok-a1b2c3d4e5"


def broken() -> None:
    raise RuntimeError(f"GET https://user:{SECRET}@x.example/feed?api_key={SECRET}")


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
