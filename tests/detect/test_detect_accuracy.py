"""The accuracy gate over the project's own headlines; over the labelled sets too where they stand beside the checkout."""

from __future__ import annotations

import tomllib

import pytest

from aiwatch.rules import load as load_rules
from benches import BENCH, bench

ACCURACY = bench("accuracy")
FLOORS = tomllib.loads((BENCH / "accuracy_floors.toml").read_text("utf-8"))


@pytest.mark.shared
@pytest.mark.parametrize("name", list(ACCURACY.SETS))
def test_no_figure_is_below_its_floor_and_those_of_our_own_sets_are_what_the_page_says(name: str) -> None:
    path = ACCURACY.SETS[name]
    if not path.exists():
        pytest.skip(f"{path.name} is not beside the checkout")
    figures = ACCURACY.measure(ACCURACY.judge(path))
    assert {key: value for key, value in figures.as_row().items() if value < FLOORS[name][key]} == {}
    if "*" not in ACCURACY.WHAT[name]:
        page = (BENCH.parent / "docs" / "detection.md").read_text("utf-8")
        assert ACCURACY.table_row(name, figures) in page, "put what this prints there: python bench/accuracy.py --table"


@pytest.mark.parametrize(("makers", "precision", "recall"), [(False, 0.99, 0.84), (True, 0.99, 0.74)])
def test_news_is_heard_when_no_name_is_known(makers: bool, precision: float, recall: float) -> None:
    renamed, ruleset = bench("renamed"), load_rules()
    rows = [row for _, row in renamed.pairs(ACCURACY.SETS["natural"], ruleset, makers=makers)]
    tally = renamed.judged(rows, ruleset)["all"].announcement
    assert tally.precision >= precision
    assert tally.recall >= recall


@pytest.mark.parametrize(("name", "least"), [("GOODS", 400), ("MAKERS", 440)])
def test_launches_of_what_is_no_model_stay_silent(name: str, least: int) -> None:
    goods = bench("goods")
    path = getattr(goods, name)
    rows = goods.read(path)
    assert len(rows) >= least
    assert len(goods.told(rows)) <= goods.CEILINGS[path.name] * len(rows)


def test_the_headlines_are_ours_and_in_four_languages() -> None:
    rows = [row for row, _ in ACCURACY.judge(ACCURACY.SETS["own"])]
    assert {row["lang"] for row in rows} == {"en", "ko", "ja", "zh"}
    assert len(rows) >= 170
