"""Rules as data: examples that hold, mistakes that stop the start, and an overlay that adds, changes and disables."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from headlines import RULES, judge

from aiwatch import rules
from aiwatch.detect import detect
from aiwatch.detect.examples import broken
from aiwatch.errors import RuleError
from aiwatch.model import Item, Source, Stage
from aiwatch.rules import edges
from aiwatch.rules.builtin import BUILT_IN, KOREAN
from aiwatch.rules.masks import SIGNS
from aiwatch.rules.values import Role

PROBE = """
[[rule]]
id = "mine.probe"
why = "a word of mine"
weight = 1.5
pattern = "zephyr"
match = ["a zephyr blows"]
"""


def test_the_shipped_patterns_are_sound() -> None:
    """A service without rules of its own takes it for granted, and starts the sooner."""
    assert rules.load("").data.rules == rules.load().data.rules


@pytest.mark.parametrize("rule", rules.load().rules, ids=lambda rule: rule.id)
def test_every_rule_of_ours_says_also_what_it_is_not_for(rule: rules.Rule) -> None:
    assert rule.reject  # that a match and a reason are there is asked of every rule when it is read


def test_examples_that_are_no_list_are_told_with_the_other_mistakes() -> None:
    with pytest.raises(RuleError) as told:
        rules.load(PROBE.replace('["a zephyr blows"]', '"a zephyr blows"').replace("1.5", '"much"'), "mine.toml")
    assert [one.partition(",")[0] for one in told.value.problems] == [
        "mine.toml:7: rule 'mine.probe': match is a list of words",
        "mine.toml:5: rule 'mine.probe' needs a 'weight'",
    ]


def test_every_example_holds() -> None:
    assert [f"{one.rule.id} {one.said}: {one.example}" for one in broken(rules.load())] == []


def test_every_evidence_of_the_engines_own_has_its_weight_and_its_words() -> None:
    settings = tomllib.loads(files("aiwatch.rules").joinpath("settings.toml").read_text("utf-8"))
    assert list(settings["weights"]) == list(BUILT_IN)


def test_an_example_that_does_not_hold_is_named() -> None:
    found = rules.load(PROBE.replace("a zephyr blows", "no wind at all"))
    assert [(one.rule.id, one.example) for one in broken(found)] == [("mine.probe", "no wind at all")]


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        (PROBE.replace('match = ["a zephyr blows"]', ""), "mine.toml:2: rule 'mine.probe' needs at least one 'match' example"),
        (PROBE.replace('"zephyr"', '"zeph(yr"'), "mine.toml:6: rule 'mine.probe': broken pattern: missing ): zeph(yr"),
        (
            PROBE.replace('"zephyr"', "'{M launches'"),
            "mine.toml:6: rule 'mine.probe': broken pattern: {M launches is neither a macro",
        ),
        (
            PROBE.replace('"zephyr"', '"\\bzephyr"'),
            "mine.toml:6: rule 'mine.probe': broken pattern: it has a sign that no text has: a \\b between double quotes",
        ),
        ('[macros.launch]\nany = ["springs\\b"]\n', "mine.toml:2: macro 'launch': it has a sign that no text has"),
        (
            PROBE.replace('"zephyr"', "'{M}{ 2} x'"),
            "mine.toml:6: rule 'mine.probe': broken pattern: { 2} is neither a macro nor a count",
        ),
        (
            PROBE.replace('"zephyr"', '"{lauch} x"'),
            "mine.toml:6: rule 'mine.probe': no macro is called {lauch}; did you mean 'launch'?",
        ),
        (
            PROBE.replace('"zephyr"', r"'zephyr for {V}\b'"),
            r"mine.toml:6: rule 'mine.probe': broken pattern: the \b in zephyr for {V}\b is an edge of Latin letters and digits alone: ",
        ),
        (
            PROBE.replace('"zephyr"', r"'zephyr \b(?:{M}|{B})'"),
            r"mine.toml:6: rule 'mine.probe': broken pattern: the \b in zephyr \b",
        ),
        ("[macros.launch]\nany = ['springs {M}\\b ']\n", r"mine.toml:2: macro 'launch': the \b in "),
        (PROBE.replace('"zephyr"', '"{nobody} x"'), "mine.toml:6: rule 'mine.probe': no macro is called {nobody}"),
        (PROBE.replace('why = "a word of mine"', ""), "mine.toml:2: rule 'mine.probe' needs a 'why'"),
        (PROBE.replace("1.5", '"much"'), "mine.toml:5: rule 'mine.probe' needs a 'weight', a number such as 2.0 or -2.0"),
        (PROBE.replace("1.5", "inf"), "mine.toml:5: rule 'mine.probe' needs a 'weight', a number such as 2.0 or -2.0"),
        (PROBE + PROBE, "mine.toml:10: rule 'mine.probe': there is one of that id further up in this file"),
        (PROBE + "colour = 3\n", "mine.toml:8: rule 'mine.probe': unknown key 'colour'"),
        (
            PROBE.replace('"a word of mine"', '"x"\nstage = "born"'),
            "mine.toml:5: rule 'mine.probe': stage is one of none, rumored, announced, ",
        ),
        (PROBE + 'field = ["title"]\n', "mine.toml:8: rule 'mine.probe': field is one of any, title, summary, not ['title']"),
        (
            PROBE + 'tiers = "primary"\n',
            "mine.toml:8: rule 'mine.probe': tiers is a list of primary, press, community, not 'primary'",
        ),
        (PROBE + 'roles = ["opened"]\n', "mine.toml:8: rule 'mine.probe': roles is a list of available, api, "),
        (PROBE + 'factor = "half"\n', "mine.toml:8: rule 'mine.probe': factor is a share from 0 to 1, such as 0.5, not 'half'"),
        (PROBE + "factor = nan\n", "mine.toml:8: rule 'mine.probe': factor is a share from 0 to 1, such as 0.5, not nan"),
        (PROBE + "factor = -1\n", "mine.toml:8: rule 'mine.probe': factor is a share from 0 to 1, such as 0.5, not -1"),
        (PROBE + "factor = 2\n", "mine.toml:8: rule 'mine.probe': factor is a share from 0 to 1, such as 0.5, not 2"),
        (PROBE + "of = 5\n", "mine.toml:8: rule 'mine.probe': of is a text, not 5"),
        (PROBE.replace('"a word of mine"', "2026-03-02"), "mine.toml:4: rule 'mine.probe' needs a 'why'"),
        ("[macros.mine]\nwhy = 09:00:00\nany = ['x']\n", "mine.toml:2: macro 'mine' needs a 'why'"),
        (PROBE + "disabled = 'no'\n", "mine.toml:8: rule 'mine.probe': disabled is true or false, not 'no'"),
        ("[families]\nFoo = { names = ['Foo'] }\n", "mine.toml:2: family 'Foo' needs a 'vendor'"),
        (
            "[families]\nFoo = { vendor = 'Bar', modality = 'smell' }\n",
            "mine.toml:2: family 'Foo': modality is one of text, image, ",
        ),
        ("[vendors]\nFoo = { nmes = ['Foo'] }\n", "mine.toml:2: vendor 'Foo': unknown key 'nmes'"),
        (
            "[weights]\n'en.verb-objekt' = 1\n",
            "mine.toml:2: weights: no rule is called 'en.verb-objekt'; did you mean 'en.verb-object'?",
        ),
        ("[weights]\n'vendor' = nan\n", "mine.toml:2: weights.vendor is a number such as 1.5, 0 or -2.0, not nan"),
        (f"[weights]\n'vendor' = {'9' * 400}\n", "mine.toml:2: weights.vendor is a number such as 1.5, 0 or -2.0, not 9"),
        ("[settings]\nthreshold = nan\n", "mine.toml:2: settings.threshold is a number such as 4.4, not nan"),
        ("[settings]\nthreshold = inf\n", "mine.toml:2: settings.threshold is a number such as 4.4, not inf"),
        ("[settings]\nthreshold = -1\n", "mine.toml:2: settings.threshold is a number above 0, such as 4.4, not -1"),
        ("[settings]\nthreshhold = 12\n", "mine.toml:2: settings: unknown key 'threshhold'; did you mean 'threshold'?"),
        ("[settings]\nbar = 12\n", "mine.toml:2: settings: unknown key 'bar'; there is threshold"),
        (
            "[settings]\nvendor = 1\n",
            "mine.toml:2: settings: unknown key 'vendor'; a weight stands under [weights]: 'vendor' = 1",
        ),
        (
            '[[rule]]\nid = "not.zh.explaner"\ndisabled = true\n',
            "mine.toml:3: rule 'not.zh.explaner' is disabled, and no rule is called so; did you mean 'not.zh.explainer'?",
        ),
        (
            '[[rule]]\nid = "wording"\ndisabled = true\n',
            "mine.toml:3: rule 'wording' is disabled, and no rule is called so; it is the engine's own: 'wording' = 0 under [weights]",
        ),
        ("[families]\nFoo = { vendor = 'Bar', names = [] }\n", "mine.toml:2: family 'Foo': names is empty"),
        ("[trades]\nlabs = ['OpnAI']\n", "mine.toml:2: trades.labs: no maker is called 'OpnAI'; did you mean 'OpenAI'?"),
        (
            "[trades]\nlabs = ['Quillwright']\n",
            "mine.toml:2: trades.labs: no maker is called 'Quillwright'; name it under [vendors]",
        ),
        ("[vendors.'Foo']\nnames = 3\n", "mine.toml:2: vendor 'Foo': names is a list of words, not 3"),
        ("[unnameable]\nfirst = []\n[nobody]\nfirst = 1\n", "mine.toml:4: nobody.first is a list of words, not 1"),
        (
            "[weights]\nvendor = 1\n[settings]\nthreshold = true\n",
            "mine.toml:4: settings.threshold is a number such as 4.4, not True",
        ),
        (PROBE.replace('["a zephyr blows"]', '"a"'), "mine.toml:7: rule 'mine.probe': match is a list of words, not 'a'"),
        (PROBE + "group = 'tpoic'\n", "mine.toml:8: rule 'mine.probe': no group is called 'tpoic'; did you mean 'topic'?"),
        (PROBE + "group = 3\n", "mine.toml:8: rule 'mine.probe': group is a word, not 3"),
        (PROBE + "names = 'subjects'\n", "mine.toml:8: rule 'mine.probe': names is one of subject, context, about, "),
        (PROBE + "names = []\n", "mine.toml:8: rule 'mine.probe': names is one of subject, context, about, "),
        (
            "[families.Foo]\nvendor = 'Opne AI'\n",
            "mine.toml:2: family 'Foo': no vendor is called 'Opne AI'; did you mean 'OpenAI'? A maker of its own is named under [vendors]",
        ),
        (
            "[families.Foo]\nvendor = 'Anthropics'\n",
            "mine.toml:2: family 'Foo': no vendor is called 'Anthropics'; did you mean 'Anthropic'?",
        ),
        (
            "[families.Foo]\nvendor = 'open ai'\n",
            "mine.toml:2: family 'Foo': no vendor is called 'open ai'; did you mean 'OpenAI'?",
        ),
        ("[families.Foo]\nvendor = 'Bar'\nmodality = 'txt'\n", "mine.toml:3: family 'Foo': modality is one of text, image, "),
        ("[products]\nname = ['x']\n", "mine.toml:2: products: unknown key 'name'; there are names"),
        ("[nobody]\nfrist = ['x']\n", "mine.toml:2: nobody: unknown key 'frist'; there are first, kind, last, whole, within"),
        ("[modalities]\nsmell = ['x']\n", "mine.toml:2: modalities: unknown key 'smell'; there are 3d, audio, "),
        ("[families]\nFoo = { vendor = 'Bar', open = 'no' }\n", "mine.toml:2: family 'Foo': open is true or false, not 'no'"),
        ("[macros.breeze]\nany = ['zephyr']\n", "mine.toml:1: macro 'breeze' needs a 'why'"),
        ("[macros.breeze]\nwhy = 'wind'\n", "mine.toml:1: macro 'breeze' needs 'any'"),
        ("[macros.launch]\nany = 'springs'\n", "mine.toml:2: macro 'launch': any is a list of words, not 'springs'"),
        ("[macros.launch]\nany = ['spring(s']\n", "mine.toml:2: macro 'launch': missing ): spring(s"),
        ("[macros.launch]\nany = ['{launch x']\n", "mine.toml:2: macro 'launch': {launch x is neither a macro"),
        ("[macros.launch]\nany = ['{head} x']\n", "mine.toml:2: macro 'launch': no macro above is called {head}"),
        ("[macros.launch]\nall = ['x']\n", "mine.toml:2: macro 'launch': unknown key 'all'; there are any, why"),
        ("[macros.M]\nwhy = 'wind'\nany = ['zephyr']\n", "mine.toml:1: {M} is a sign of masked text"),
        ("[macros.2nd]\nwhy = 'wind'\nany = ['zephyr']\n", "mine.toml:1: write a macro as [macros.name], "),
        ("[macros]\nbreeze = 3\n", "mine.toml:2: write a macro as [macros.name], "),
        ("disable = ['en.verb-object']\n", "mine.toml:1: unknown section 'disable'"),
        ("rule = [1]\n", "mine.toml:1: write rules as [[rule]]"),
        ("threshold = 3\n", "mine.toml:1: unknown section 'threshold'; it stands in [settings]"),
        ("[sttings]\nthreshold = 3\n", "mine.toml:1: unknown section 'sttings'; did you mean 'settings'?"),
        (
            "[vendors]\nFoo = { hosts = ['https://foo.example/x'] }\n",
            "mine.toml:2: vendor 'Foo': a host is a name such as foo.exa",
        ),
        ("[[rule]\n", "mine.toml:1: not TOML"),
        (f"families = {'[' * 5000}", "mine.toml: not TOML: arrays or tables are nested too deep"),
    ],
)
def test_a_mistake_stops_the_start_with_file_line_and_rule(overlay: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules.load(overlay, "mine.toml")
    assert any(problem.startswith(said) for problem in caught.value.problems), caught.value.problems


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        (PROBE.replace('"zephyr"', r"'zephyr (?:for {V}|blows)\b'"), [r"mine.toml:6: rule 'mine.probe': the \b in "]),
        (
            PROBE.replace('"zephyr"', r"'zephyr|공개\b'"),
            [r"mine.toml:6: rule 'mine.probe': the \b in zephyr|공개\b is an edge of Latin"],
        ),
        (
            PROBE.replace('"zephyr"', r"'\b(?:zephyr|{launch}s?|{V}.?x)\b'").replace("[[rule]]", "[[rule]]\n"),
            ["mine.toml:7: rule 'mine."],
        ),
        (PROBE.replace('"zephyr"', r"'(?:{V} )?\bzephyr\b(?:$|[^\p{L}])'"), []),
        (PROBE.replace('"zephyr"', r"'[\w-]+\b zephyr|zephyr(?: {M})? \bis|(?:\bzephyr)+'"), []),
        (
            "[families]\n'Quillon Nova' = { vendor = 'Quillon', names = ['Nova'] }\n",
            [
                "mine.toml:2: family 'Quillon Nova': a family of Amazon is called 'Nova' too; a text means the one whose maker it names; "
            ],
        ),
        (
            "[vendors]\nQuillon = {}\n[families]\n'Quillon Nova' = { vendor = 'Quillon', names = ['노바'] }\n",
            [
                "mine.toml:4: family 'Quillon Nova': a family of Amazon is called '노바' too; a text means the one whose maker it names"
            ],
        ),
        (
            "[families.Nova]\nbare = false\nvendor = 'Quillon'\n",
            [
                "mine.toml:3: family 'Nova' was of Amazon, and is of Quillon now, with all its names; a namesake is a family of its own: "
            ],
        ),
        (
            "[variant_uses]\nclosed = ['zork']\nlisted = ['FLASH', 'Flahs']\nsmall = ['zork']\n",
            [
                "mine.toml:3: variant_uses.listed: no variant is written 'Flahs'; did you mean 'Flash'?",
                "mine.toml:4: variant_uses.small: no variant is written 'zork'; name it under [variants]",
            ],
        ),
        ("[families]\nNova = { vendor = 'Amazon', names = ['Nova', '노바', 'ノヴァ'] }\n", []),
    ],
)
def test_what_is_no_mistake_and_hardly_meant_so_is_said_and_stops_nothing(overlay: str, said: list[str]) -> None:
    doubts = rules.load(overlay, "mine.toml").data.doubts
    assert len(doubts) == len(said)
    assert all(doubt.startswith(one) for doubt, one in zip(doubts, said, strict=True)), doubts


def test_no_shipped_pattern_has_an_edge_that_does_not_hold() -> None:
    """They are not looked through at each start, as that takes a second."""
    found = rules.load()
    written = [(rule.id, rule.pattern) for rule in found.rules] + [
        (name, macro.pattern) for name, macro in found.data.macros.items()
    ]
    assert [(name, said) for name, pattern in written if (said := edges.dead(pattern) or edges.doubtful(pattern))] == []


def test_what_is_wrong_at_the_head_of_a_file_is_told_once() -> None:
    two = PROBE + PROBE.replace("mine.probe", "mine.second")
    with pytest.raises(RuleError) as caught:
        rules.load('roles = "launches"\nlanguage = "kr"\n' + two, "mine.toml")
    assert [problem.partition(", not")[0] for problem in caught.value.problems] == [
        "mine.toml:2: at the head of the file: language is one of ko, ja, zh",
        "mine.toml:1: at the head of the file: roles is a list of " + ", ".join(Role),
    ]


@pytest.mark.parametrize(
    ("overlay", "said"),
    [
        (PROBE.replace("weight", "wieght"), "mine.toml:5: rule 'mine.probe': unknown key 'wieght'; did you mean 'weight'?"),
        (PROBE.replace("match", "matches"), "mine.toml:7: rule 'mine.probe': unknown key 'matches'; did you mean 'match'?"),
        (
            "[[rule]]\nid = 'not.zh.explaner'\nweight = -1\n",
            (
                "mine.toml:2: rule 'not.zh.explaner': no rule is called so; did you mean 'not.zh.explainer'? "
                "One of your own needs a 'pattern' or 'terms'"
            ),
        ),
        (
            "[weights]\nnot.en.question = -2\n",
            'mine.toml:2: weights: a name with a dot stands in quotes: "not.en.question" = -2',
        ),
        (
            "[vendors]\nnames = ['Quillon']\n",
            "mine.toml:2: vendors: write it as \"Name\" = { names = [\"Name\"] }, not 'names' = ['Quillon']",
        ),
        ("[[families]]\nname = 'Foo'\n", "mine.toml:1: write [families] in single brackets, once, with all entries under it"),
        ("[[rules]]\nid = 'x'\n", "mine.toml:1: unknown section 'rules'; did you mean 'rule'?"),
        (
            "[variants]\nnames = ['Glimpse']\n",
            "mine.toml:2: variants: 'names' would be one of the words; write each with its spellings in other scripts: \"Word\" = []",
        ),
        (
            PROBE.replace("pattern", "terms"),
            "mine.toml:6: rule 'mine.probe': terms is a list of words, not 'zephyr'",
        ),
        (PROBE.replace('pattern = "zephyr"', "terms = []"), "mine.toml:6: rule 'mine.probe': 'terms' is empty"),
        ("[homonyms]\nGemeni = ['star']\n", "mine.toml:2: homonyms: no family is called 'Gemeni'; did you mean 'Gemini'?"),
        ("variants = [{ Glimpse = [] }]\n", "mine.toml:1: write [variants] in single brackets, once, with all entries under it"),
    ],
)
def test_one_slip_is_told_in_one_line_that_says_what_was_meant(overlay: str, said: str) -> None:
    with pytest.raises(RuleError) as caught:
        rules.load(overlay, "mine.toml")
    assert caught.value.problems == [said]


def test_a_use_of_a_word_and_what_is_no_name_are_heeded_however_they_are_written() -> None:
    """``small = ["Glimpse"]`` did nothing, as only small letters were looked for, and nobody heard of it."""
    family = (
        "[vendors]\nHypothetica = {}\n[families]\nQuibble = { vendor = 'Hypothetica' }\n[variants]\nGlimpse = []\nGaze = []\n"
    )
    uses = family + "[variant_uses]\nsmall = ['Glimpse']\nlisted = ['glimpse', 'GAZE']\n"
    titles = "Hypothetica launches Quibble 3 glimpse", "Hypothetica launches Quibble 3: Glimpse and Gaze"
    told = [[model.name for model in judge(title, overlay=overlay).models] for overlay in (family, uses) for title in titles]
    assert told == [["Quibble 3"], ["Quibble 3"], ["Quibble 3 glimpse"], ["Quibble 3 Glimpse", "Quibble 3 Gaze"]]
    title = "Brightloom launches Palaquin, a language model"
    assert judge(title).announcement
    assert not judge(title, overlay="[unnameable]\ncommon = ['Palaquin']\n").announcement


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        rules.load("[weights]\na = 1\nb = 'x'\n[sttings]\n", "mine.toml")
    assert len(caught.value.problems) == 3


@pytest.mark.parametrize("vendor", ["Quillwright", "Nova AI", "Google DeepMind", "Opne AI"])
def test_a_maker_that_is_in_no_list_is_no_mistake_where_it_is_new_or_named(vendor: str) -> None:
    named = '[vendors]\n"Opne AI" = {}\n'  # it is the one that is near a listed one
    found = rules.load(f'{named}[families]\nFoo = {{ vendor = "{vendor}" }}\n', "mine.toml")
    assert found.family("Foo").vendor == vendor


def test_a_makers_host_counts_however_it_is_written() -> None:
    """One with www. or a capital was never met, and nobody heard of it."""
    found = rules.load("[vendors]\nHypothetica = { hosts = ['www.Hypothetica.example'] }\n", "mine.toml")
    assert [found.directory.owner(f"https://{host}hypothetica.example/blog") for host in ("", "www.", "news.")] == [
        "Hypothetica"
    ] * 3


def test_a_rule_of_ones_own_that_is_turned_off_is_no_mistake() -> None:
    assert "mine.probe" not in {rule.id for rule in rules.load(PROBE + "disabled = true\n", "mine.toml").rules}


@pytest.mark.parametrize("group", ["mine", "rumor", "topic", "use", "market-of-ours"])
def test_a_rule_may_be_in_a_group_of_ones_own(group: str) -> None:
    (found,) = [rule for rule in rules.load(f"{PROBE}group = '{group}'\n", "mine.toml").rules if rule.id == "mine.probe"]
    assert found.group == group


def test_a_maker_of_a_family_of_ones_own_has_a_trade() -> None:
    overlay = "[families]\nQuibble = { vendor = 'Hypothetica' }\n[trades]\nlabs = ['Hypothetica']\n"
    assert "Hypothetica" in rules.load(overlay, "mine.toml").labs


@pytest.mark.parametrize(
    "title",
    [
        "Brightloom launches Zephyros 4, a new image model",
        "Brightloom launches Zephyros V4, a new image model",
        "Brightloom launches Zephyros Pro, a new image model",
        "Brightloom launches Zephyros-4B, a new image model",
        "OpenAI releases 'Zephyros-4', a new language model",
        "브라이트룸, 새 이미지 모델 'Zephyros 4' 공개",
        "Brightloom发布新模型“Zephyros 4”",
        "Brightloom、新AIモデル「Zephyros 4」を公開",
    ],
)
def test_a_word_that_is_ignored_is_so_with_its_versions(title: str) -> None:
    assert judge(title).announcement
    assert not judge(title, overlay="[ignored]\nnames = ['Zephyros']\n").announcement


def test_an_overlay_adds_a_family() -> None:
    title = "Hypothetica launches Quibble 3"
    overlay = "[vendors]\nHypothetica = { names = ['Hypothetica'] }\n[families]\nQuibble = { vendor = 'Hypothetica', modality = 'music' }\n"
    assert not judge(title).announcement
    found = judge(title, overlay=overlay)
    assert found.announcement
    assert (found.models[0].name, found.models[0].vendor, found.models[0].version) == ("Quibble 3", "Hypothetica", "3")


def test_an_overlay_changes_a_weight_and_disables_a_rule() -> None:
    title = "OpenAI launches GPT-6"
    plain = judge(title)
    weaker = judge(title, overlay="[weights]\n'en.verb-object' = 0.5\n")
    assert {e.rule: e.weight for e in weaker.evidence}["en.verb-object"] == 0.5
    assert weaker.score < plain.score
    without = judge(title, overlay="[[rule]]\nid = 'en.verb-object'\ndisabled = true\n")
    assert "en.verb-object" not in {e.rule for e in without.evidence}
    assert len({plain.rules, weaker.rules, without.rules}) == 3


def test_an_overlay_adds_a_verb_to_a_macro_of_every_rule_that_launches() -> None:
    title = "OpenAI catapults GPT-6"
    assert "en.verb-object" not in {e.rule for e in judge(title).evidence}
    found = judge(title, overlay="[macros.launch]\nany = ['catapults?']\n")
    assert {e.rule: e.matched for e in found.evidence}["en.verb-object"] == "catapults GPT-6"
    assert found.rules != judge(title).rules


@pytest.mark.parametrize(
    ("title", "macro", "told"),
    [
        ("Google launches Gemini 3 laps", r"counter]\nany = [' laps\b']", (False, "none", ["Gemini"])),
        ("OpenAI launches GPT-6 Taster", r"preview]\nany = [' taster\b']", (True, "preview", ["GPT-6 Taster"])),
        ("Quillon ships Graphsprite", r"modelword]\nany = ['.sprite$']", (False, "none", ["Graphsprite"])),
        ("카카오, 카나나 3에디션 공개", r"versionword]\nany = ['에디션']", (True, "open_weights", ["Kanana 3"])),
        (
            "Introducing Zephyros as well as Palaquin: two open models",
            r"nextname]\nany = [' as well as ']",
            (True, "open_weights", ["Zephyros", "Palaquin"]),
        ),
        (
            "Quillon launches Zephyros, Palaquin and Merganser, a gaggle of language models",
            r"counted]\nany = [', a gaggle of language models']",
            (False, "none", ["Zephyros", "Palaquin", "Merganser"]),
        ),
    ],
)
def test_an_overlay_adds_words_to_what_the_engine_asks_for(title: str, macro: str, told: tuple[bool, str, list[str]]) -> None:
    plain, found = judge(title), judge(title, overlay="[macros." + macro.replace("\\n", "\n"))
    assert (plain.announcement, plain.stage.value, [model.name for model in plain.models]) != told
    assert (found.announcement, found.stage.value, [model.name for model in found.models]) == told


@pytest.mark.parametrize(
    ("title", "macro", "before", "after"),
    [
        (
            "OpenAI-dethroning startup launches Zephyros 4, a new language model",
            r"[macros.otherbehind]\nany = ['-dethroning\b']",
            ("OpenAI", "text"),
            (None, "text"),
        ),
        (
            "Quillon launches Zephyros 4, a model for embroidering code",
            r"[macros.forcode]\nany = ['\bembroidering ']",
            ("Quillon", "text"),
            ("Quillon", "code"),
        ),
        (
            "Quillon launches 'Zephyros 4', a new AI model good at image gazing",
            r"[macros.understood]\nany = [' gazing']",
            ("Quillon", "image"),
            ("Quillon", "multimodal"),
        ),
    ],
)
def test_an_overlay_adds_words_that_say_whose_a_model_is_and_of_what_kind(
    title: str, macro: str, before: tuple[str | None, str], after: tuple[str | None, str]
) -> None:
    both = judge(title), judge(title, overlay=macro.replace("\\n", "\n"))
    assert [(found.models[0].vendor, found.models[0].modality.value) for found in both] == [before, after]


def test_every_macro_that_the_engine_asks_for_is_there() -> None:
    engine = Path(__file__).resolve().parents[2] / "src" / "aiwatch" / "detect"
    asked = {name for path in engine.glob("*.py") for name in re.findall(r'(?:piece|ending)\("(\w+)"\)', path.read_text("utf-8"))}
    assert len(asked) > 50
    assert asked - rules.load().data.macros.keys() == set()


def test_an_overlay_has_macros_of_its_own() -> None:
    overlay = "[macros.breeze]\nwhy = 'winds'\nany = ['zephyr', '{launch} a gale']\n" + PROBE.replace(
        '"zephyr"', '"{breeze} {Q}"'
    )
    assert broken(rules.load(overlay)) == []
    assert [e.matched for e in judge("OpenAI launches a gale of GPT-6", overlay=overlay).evidence if e.rule == "mine.probe"] == [
        "launches a gale "
    ]


def test_every_sign_and_macro_that_rules_of_ones_own_may_need_is_documented() -> None:
    told = (Path(__file__).resolve().parents[2] / "docs" / "detection.md").read_text(encoding="utf-8")
    assert [name for name in SIGNS if f"`{{{name}}}`" not in told] == []
    assert all(macro.why for macro in rules.load().data.macros.values())


def test_a_raised_threshold_silences() -> None:
    assert judge("OpenAI launches GPT-6").announcement
    assert not judge("OpenAI launches GPT-6", overlay="[settings]\nthreshold = 50\n").announcement


KOREAN_ONLY = """
language = "ko"

[[rule]]
id = "mine.probe"
why = "a test"
weight = -1.5
pattern = "zephyr"
match = ["제피르 zephyr"]
"""


@pytest.mark.parametrize(
    ("title", "tried"),
    [("오픈AI, zephyr 속 GPT-6 공개", True), ("OpenAI shows zephyr in GPT-6", False), ("OpenAI发布zephyr与GPT-6", False)],
)
def test_a_rule_of_one_language_is_tried_in_its_texts_alone(title: str, *, tried: bool) -> None:
    item = Item(id="i", source_id="s", key="i", url=None, title=title, summary="")
    found = detect(item, Source(id="s", url=""), rules.load(KOREAN_ONLY))
    assert ("mine.probe" in {evidence.rule for evidence in found.evidence}) is tried


def test_a_language_that_no_rule_can_have_is_refused_with_its_place() -> None:
    said = r"mine.toml:2: at the head of the file: language is one of ko, ja, zh, not 'fr'; a rule without it is tried"
    with pytest.raises(RuleError, match=said):
        rules.load(KOREAN_ONLY.replace('"ko"', '"fr"'), "mine.toml")


def test_a_rule_of_ones_own_plays_the_same_roles_as_a_shipped_one() -> None:
    title = "Qwen 9 is here, its weights in the vault"
    overlay = """
roles = ["later"]

[[rule]]
id = "mine.vault"
why = "it stays in the vault"
weight = 0
stage = "released"
pattern = 'in the vault'
match = ["weights in the vault"]
"""
    assert judge(title).stage is Stage.OPEN_WEIGHTS  # as its family mostly is
    assert judge(title, overlay=overlay.replace('["later"]', '["withheld"]')).stage is Stage.RELEASED
    assert judge(title, overlay=overlay).stage is Stage.ANNOUNCED
    added = overlay.replace("weight = 0", 'weight = 0\nroles = ["withheld"]')
    assert rules.load(added).data.rules[-1].roles == {Role.LATER, Role.WITHHELD}


def test_every_role_is_played() -> None:
    assert {role for rule in rules.load().data.rules for role in rule.roles} == set(Role)


@pytest.mark.parametrize(
    ("overlay", "maker"),
    [
        ("first = ['Quillwright']", None),
        ("first = ['Quill']", "Quillwright"),  # a Latin word is one as a whole
        ("last = ['wright']", None),
        ("last = ['Quill']", "Quillwright"),
        ("within = ['llwr']", None),
    ],
)
def test_an_overlay_says_what_is_no_maker(overlay: str, maker: str | None) -> None:
    title = "Quillwright launches Zephyros-7B, an open language model"
    assert [model.vendor for model in judge(title).models] == ["Quillwright"]
    assert [model.vendor for model in judge(title, overlay=f"[nobody]\n{overlay}\n").models] == [maker]


@pytest.mark.parametrize(
    "title",
    [
        "Researchers launch Zephyros-7B, an open language model",
        "국내 스타트업, 언어모델 'Zephyros-7B' 공개",
        "김교수팀, 언어모델 'Zephyros-7B' 공개",
        "某公司发布大模型Zephyros-7B",
        "日本発、言語モデル「Zephyros-7B」を公開",
    ],
)
def test_who_has_no_name_is_no_maker(title: str) -> None:
    assert [(model.name, model.vendor) for model in judge(title).models] == [("Zephyros-7B", None)]


def test_every_family_is_told_by_each_of_its_latin_names_beside_its_maker() -> None:
    missed = []
    for family in RULES.data.families.values():
        for name in filter(str.isascii, family.names):
            numbered = name if any(char.isdigit() for char in name) else f"{name} 7"
            told = judge(f"{family.vendor} launches {numbered}, a new AI model")
            if not told.announcement or [model.vendor for model in told.models][:1] != [family.vendor]:
                missed.append((family.key, name, told.models))
    assert missed == []


def test_no_family_is_listed_under_two_makers_by_one_name() -> None:
    makers: dict[str, set[str]] = {}
    for family in RULES.data.families.values():
        for name in family.names:
            makers.setdefault(name.casefold(), set()).add(family.vendor)
    shared = {name for name, vendors in makers.items() if len(vendors) > 1}
    assert not shared


def test_no_list_of_the_shipped_rules_says_a_word_twice() -> None:
    def lists(value: object, where: str) -> Iterator[tuple[str, list[str]]]:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
            if isinstance(inner, list) and all(isinstance(one, str) for one in inner):
                yield f"{where}.{key}", inner
            else:
                yield from lists(inner, f"{where}.{key}")

    texts = {name: files(rules).joinpath(name).read_text("utf-8") for name in rules.FILES}
    found = [one for name, text in texts.items() for one in lists(tomllib.loads(text), name)]
    twice = {where: word for where, words in found for word, times in Counter(words).items() if times > 1}
    assert len(found) > 500
    assert not twice


@pytest.mark.parametrize(
    ("kind", "text", "there"),
    [
        ("launch", "a leadership of partners", False),
        ("launch", "it ships soon", True),
        ("launch", "모델 출시설", True),
        ("coming", "already the latest explanation", False),
        ("coming", "tests are planned", True),
        ("coming", "最新の学習", True),
    ],
)
def test_a_sign_in_latin_letters_is_the_beginning_of_a_word(kind: str, text: str, there: bool) -> None:
    assert bool(RULES.signs[kind].search(text)) is there


def test_every_shipped_reason_is_there_in_korean_too() -> None:
    assert [rule.id for rule in rules.load().rules if not re.search("[가-힣]{2}", rule.why_ko)] == [], "give these a why_ko"
    assert {*BUILT_IN} <= {*KOREAN}, "give these a sentence in rules/builtin.py"


def test_a_reason_of_ones_own_takes_the_korean_one_along() -> None:
    (rule,) = (
        one
        for one in rules.load('[[rule]]\nid = "not.question"\nwhy = "we want no questions"\n').rules
        if one.id == "not.question"
    )
    assert (rule.why, rule.why_ko) == ("we want no questions", "")
    with pytest.raises(RuleError, match="why_ko is a text, not 3"):
        rules.load('[[rule]]\nid = "not.question"\nwhy_ko = 3\n')
