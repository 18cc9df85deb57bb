"""Patterns that people write: what a linear engine cannot run is refused with file, line and rule; the rest is quick on any text."""

from __future__ import annotations

import ast
import csv
import json
import time
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.errors import RuleError
from aiwatch.model import Item, Source, Stage
from aiwatch.rules.values import Role

SHARED = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "badfeeds" / "user_rules.csv"
SOURCE = Source(id="s", url="")
SECONDS = 0.1  # of this process's own work, for one text

REFUSED = [
    "((a{0,99}){0,99}){0,99}b",
    "a{1,1001}",
    "(?<=new )model",
    "(?!open)source",
    r"(['\"]).*?\1",
    r"(?P<q>['\"]).*?(?P=q)",
    "(?>a+)b",
    "a++b",
    "[",
    "(?P<a",
    "*a",
    r"\x{110000}",
    "a{2}{3}{4}",
    r"\p{Klingon}",
    "(?(1)a|b)",
]
QUICK = [
    ("(a|aa)+$", "a" * 50_000 + "!"),
    ("(.*)*x", "y" * 50_000),
    ("^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 50_000),
    ("(?:a?){200}a{200}", "a" * 200),
    (".*.*.*.*=.*", "k" * 50_000),
    (r"(\w+\s?)+:", "word " * 10_000),
    (r"\p{Hangul}+(?:입니다|니다)+!", "가" * 50_000),
    ("(?s).*?.*?.*?z", "\n" * 50_000),
    (r"\b(\w+)(\s+\w+)*\s+launch\b", "a b " * 12_500),
    ("(x*)*(y*)*(z*)*!", "xyz" * 16_000),
    ("(?:(?:(?:(?:a+)+)+)+)+$", "a" * 50_000 + "b"),
    ("(?:.{1,40}){1,25}q", "p" * 50_000),
    ("(?i)(ａ|Ａ)+x", "ａ" * 50_000),
    ("(" * 500 + "a" + ")" * 500, "a" * 50_000),
]


def loaded(pattern: str) -> rules.RuleSet:
    """The shipped rules with one of that pattern, whose pattern is on the seventh line of its file."""
    said = f'# mine\n\n[[rule]]\nid = "mine.probe"\nwhy = "w"\nweight = 1.0\npattern = {json.dumps(pattern)}\n'
    return rules.load(said + 'match = ["x"]\nreject = ["y"]\n', "mine.toml")


def seconds(found: rules.RuleSet, text: str) -> float:
    """What one text costs at its best, after the first, which compiles; as title and as content."""
    best = []
    for item in (
        Item(id="i", source_id="s", key="i", url=None, title=text),
        Item(id="i", source_id="s", key="i", url=None, title="OpenAI launches GPT-6", summary=text, content=text),
    ):
        times = []
        for _ in range(4):
            began = time.process_time()
            detect(item, SOURCE, found)
            times.append(time.process_time() - began)
        best.append(min(times))
    return max(best)


@pytest.mark.parametrize("pattern", REFUSED)
def test_what_cannot_be_run_in_linear_time_is_refused_with_its_place(pattern: str) -> None:
    with pytest.raises(RuleError) as caught:
        loaded(pattern)
    assert [problem[: problem.index("broken")] for problem in caught.value.problems] == ["mine.toml:7: rule 'mine.probe': "]


@pytest.mark.parametrize(("names", "part"), [("new", "name"), ("vendor", "vendor")])
def test_a_rule_that_captures_says_which_part(names: str, part: str) -> None:
    rule = f'[[rule]]\nid = "mine.probe"\nwhy = "w"\nweight = 0\nnames = "{names}"\nmatch = ["x"]\n'
    with pytest.raises(RuleError, match=rf"mine\.toml:7: rule 'mine\.probe': names = '{names}' needs .*\(\?P<{part}>"):
        rules.load(rule + "pattern = 'by {Cap}'", "mine.toml")
    rules.load(rule + f"pattern = 'by (?P<{part}>{{Cap}})'", "mine.toml")


def test_names_that_is_no_word_is_refused_like_any_other() -> None:
    rule = '[[rule]]\nid = "mine.probe"\nwhy = "w"\nweight = 0\nnames = ["new"]\nmatch = ["x"]\npattern = "x"'
    with pytest.raises(RuleError, match=r"mine\.toml:5: rule 'mine\.probe': names is one of subject, .*not \['new'\]"):
        rules.load(rule, "mine.toml")


HEADLINES = [
    ("OpenAI releases GPT-6", "The model is available today."),
    ("Acme launches Zephyros 3, a language model", ""),
    ("Rain is likely along the coast", "GPT-6 is out."),
    ("오픈AI, 'GPT-6' 공개", ""),
    ("OpenAI、「GPT-6」を公開", ""),
    ("阿里发布Qwen7", ""),
    ("A new model arrives", "Quillwright said it is called Zephyros."),
]
CAPTURES = {"new": "(?P<name>", "vendor": "(?P<vendor>"}
WRITTEN = st.fixed_dictionaries(
    {
        "pattern": st.sampled_from(
            [
                "{M}",
                "{V}",
                "{N}",
                "{U}",
                "{B}",
                "rain",
                "[a-z]+",
                "{names}",
                "(?P<name>{Name})",
                "(?P<vendor>{Cap})",
                "(?P<name>x)?a",
            ]
        ),
        "weight": st.sampled_from([-3.0, 0.0, 2.5, 6.0]),
    },
    optional={
        "names": st.sampled_from(["subject", "context", "about", "new", "vendor", "others"]),
        "roles": st.lists(st.sampled_from([str(role) for role in Role]), min_size=1, max_size=3, unique=True),
        "group": st.sampled_from(["cue", "opens", "rumor", "topic", "told", "apposition", "object", "channel", "mine"]),
        "field": st.sampled_from(["title", "summary", "any"]),
        "stage": st.sampled_from([str(stage) for stage in Stage]),
    },
)


@settings(max_examples=30, deadline=None)
@given(
    written=WRITTEN,
    headline=st.sampled_from(HEADLINES),
    source=st.sampled_from([SOURCE, Source(id="p", url="", vendor="OpenAI")]),
)
def test_no_rule_that_is_read_stops_detection(written: dict[str, object], headline: tuple[str, str], source: Source) -> None:
    lines = [f"{key} = {json.dumps(value)}" for key, value in {"id": "mine.probe", "why": "w", "match": ["x"], **written}.items()]
    assume(CAPTURES.get(str(written.get("names")), "") in str(written["pattern"]))
    found = rules.load("\n".join(["[[rule]]", *lines]), "mine.toml")
    read = Item(id="i", source_id=source.id, key="i", url=None, title=headline[0], summary=headline[1])
    said = detect(read, source, found)
    assert said.score == pytest.approx(sum(one.weight for one in said.evidence), abs=0.001)
    assert all(getattr(read, one.field)[one.start : one.end] == one.matched for one in said.evidence)


@pytest.mark.parametrize(("pattern", "text"), QUICK, ids=[pattern[:20] for pattern, _ in QUICK])
def test_the_rest_is_quick_on_any_text(pattern: str, text: str) -> None:
    assert seconds(loaded(pattern), text) < SECONDS


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.exists(), reason="the evaluation data is not beside the checkout")
def test_the_shared_patterns_are_refused_or_quick() -> None:
    for row in csv.DictReader(SHARED.read_text("utf-8").splitlines()):
        unit, _, times = row["subject_python_expr"].partition("*")
        try:
            found = loaded(row["pattern"])
        except RuleError as error:
            refused = str(error)
        else:
            refused = "" if seconds(found, ast.literal_eval(unit) * int(times or 1)) < SECONDS else "neither refused nor quick"
        assert not refused or refused.startswith("mine.toml:7: rule 'mine.probe'"), row["pattern"]


def test_of_a_file_that_is_no_toml_nothing_else_is_said() -> None:
    with pytest.raises(RuleError) as refused:
        rules.load('[macros.mine]\nany = ["a"\n[[rule]]\nid = "my.one"')
    assert str(refused.value).count("\n") == 0
    assert "not TOML" in str(refused.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (
            '[[rule]]\nid = "my.one"\nwhy = "w"\nweight = 1.0\npattern = 5\nmatch = ["a"]\nreject = ["b"]',
            "pattern in quotes, not 5",
        ),
        ('[families."Zork"]\nvendor = "OpenAI"\nprefix = 5', "prefix is a word, not 5"),
        ('[families."Zork"]\nvendor = ["OpenAI"]', "needs a 'vendor'"),
        ('[families.""]\nvendor = "OpenAI"', "families: what is listed is a list of words, not ['']"),
        ('[products]\nnames = ["**"]', "'**' is no word"),
        ('[products]\nnames = ["&nbsp;"]', "'&nbsp;' is no word"),
        ('[variants]\n"Zork" = ["**"]', "'**' is no word"),
        ('[variants]\n"" = ["Zork"]', "variants: what is listed is a list of words, not ['']"),
    ],
)
def test_what_is_no_word_or_no_pattern_is_refused_with_its_place(written: str, said: str) -> None:
    with pytest.raises(RuleError) as refused:
        rules.load(written)
    assert str(refused.value).startswith("rules.toml:")
    assert said in str(refused.value)
