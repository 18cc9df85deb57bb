"""What ``aiwatch doctor`` says of sources without a language, of which a digest with ``langs`` gets nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from archive_samples import LAB, WIRE, Newsroom

from aiwatch.model import Source

MUTE = Source(id="mute", name="Mute", url="https://mute.example/feed")
DIGEST = """
[[recipient]]
id = "me"
webhook = "https://hooks.example/me"

[[digest]]
id = "korean"
schedule = "daily 9:00"
recipients = ["me"]
"""


@pytest.mark.parametrize(
    ("filtered", "warned"),
    [
        ('langs = ["ko"]', True),
        ("", False),
        ('langs = ["ko"]\nsources = ["wire"]', False),
        ('langs = ["ko"]\nsources = ["mute"]', True),
    ],
)
def test_a_source_without_a_language_is_named_where_a_digest_asks_for_one(tmp_path: Path, filtered: str, warned: bool) -> None:
    room = Newsroom(tmp_path, sources=(WIRE, LAB, MUTE))
    (tmp_path / "aiwatch.toml").write_text(DIGEST + filtered + "\n", "utf-8")
    for source in (WIRE, MUTE):
        room.publish(source, "OpenAI releases GPT-9, its new language model")
    room.poll()
    said = {one["what"]: one["found"] for one in json.loads(room.run("doctor", "--json").stdout) if one["verdict"] == "warn"}
    expected = "no language is known of mute: what they report is in no digest with langs (korean)"
    assert said.get("languages") == (expected if warned else None)
