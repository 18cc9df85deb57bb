"""Dates: right, or none. A wrong one is worse than none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.parse.dates import parse_date

RIGHT = {
    # RFC 822, 2822, 9110 and their careless relatives
    "Tue, 04 Mar 2025 05:06:07 GMT": "2025-03-04T05:06:07",
    "Tue, 4 Mar 2025 5:06:07 +0900": "2025-03-03T20:06:07",
    "Tue, 04 Mar 25 05:06 EST": "2025-03-04T10:06:00",
    "4 Mar 2025 05:06:07 -0500": "2025-03-04T10:06:07",
    "Tue,04 Mar 2025 05:06:07 Z": "2025-03-04T05:06:07",
    "Tuesday, 04-Mar-25 05:06:07 GMT": "2025-03-04T05:06:07",
    "Tue, 04 Mar 2025 05:06:07 KST": "2025-03-03T20:06:07",
    "Tue, 04 Mar 2025 05:06:07 JST": "2025-03-03T20:06:07",
    "Tue, 04 Mar 2025 05:06:07 HKT": "2025-03-03T21:06:07",
    "Tue, 04 Mar 2025 05:06:07 IST": "2025-03-03T23:36:07",
    "Tue, 04 Mar 2025 05:06:07 CEST": "2025-03-04T03:06:07",
    "Tue, 04 Mar 2025 05:06:07 +0900 (KST)": "2025-03-03T20:06:07",
    "Tue, 04 Mar 2025 05:06:07 GMT+0900": "2025-03-03T20:06:07",
    "Tue, 04 Mar 2025 05:06:07 +0000 UTC": "2025-03-04T05:06:07",
    "Tue, 04 Mar 2025 05:06:07 -0000": "2025-03-04T05:06:07",
    "Tue, 04 Mar 2025 05:06:07 America/New_York": "2025-03-04T10:06:07",
    "Fri, 04 Jul 2025 05:06:07 ET": "2025-07-04T09:06:07",
    "Tue, 04 Mar 2025 05:06:07 A": "2025-03-04T06:06:07",
    "Tue, 04 March 2025 05:06:07": "2025-03-04T05:06:07",
    "Tue, 04 Mar 2025 12:00 AM": "2025-03-04T00:00:00",
    "Tue, 04 Mar 2025 12:30 PM": "2025-03-04T12:30:00",
    "Sat, 31 Dec 2016 23:59:60 GMT": "2017-01-01T00:00:00",
    "Tue, 04 Mar 2025 24:00:00 GMT": "2025-03-05T00:00:00",
    # W3CDTF, ISO 8601, databases
    "2025-03-04T05:06:07Z": "2025-03-04T05:06:07",
    "2025-03-04T05:06:07.123456789+09:00": "2025-03-03T20:06:07",
    "2025-03-04T05:06:07+0900": "2025-03-03T20:06:07",
    "2025-03-04T05:06+09": "2025-03-03T20:06:00",
    "2025-03-04 05:06:07 -00:20": "2025-03-04T05:26:07",
    "2025-03-04 05:06:07": "2025-03-04T05:06:07",
    "2025-03-04 05:06:07.0": "2025-03-04T05:06:07",
    "2025-03-04T05:06:07+09:00[Asia/Seoul]": "2025-03-03T20:06:07",
    "20250304T050607Z": "2025-03-04T05:06:07",
    "20250304050607": "2025-03-04T05:06:07",
    "20250304": "2025-03-04T00:00:00",
    "2025-063": "2025-03-04T00:00:00",
    "2025-03-04": "2025-03-04T00:00:00",
    "2025/03/04 05:06": "2025-03-04T05:06:00",
    # asctime and its like
    "Tue Mar  4 05:06:07 2025": "2025-03-04T05:06:07",
    "Tue Mar 04 05:06:07 PST 2025": "2025-03-04T13:06:07",
    "Tue Mar 04 05:06:07 +0900 2025": "2025-03-03T20:06:07",
    "Tue Mar 04 2025 05:06:07 GMT+0900 (Korean Standard Time)": "2025-03-03T20:06:07",
    "March 4, 2025": "2025-03-04T00:00:00",
    "Tuesday, March 4th, 2025 at 5:06 PM": "2025-03-04T17:06:00",
    "Sept. 4, 2025, 5:06 p.m. ET": "2025-09-04T21:06:00",
    "04.03.2025 05:06": "2025-03-04T05:06:00",
    "3/14/2025 5:06 PM": "2025-03-14T17:06:00",
    "14/3/2025": "2025-03-14T00:00:00",
    # Korean, Japanese, Chinese: their script tells their zone
    "2025년 03월 04일  05:06:07": "2025-03-03T20:06:07",
    "2025-03-04 오후 11:06:07": "2025-03-04T14:06:07",
    "2025. 3. 4. 오전 12:06": "2025-03-03T15:06:00",
    "2025년 3월 4일 화요일 오후 3시 4분": "2025-03-04T06:04:00",
    "2025-03-04(화) 15:04": "2025-03-04T06:04:00",
    "2025年3月4日 17時06分": "2025-03-04T08:06:00",
    "2025年3月4日 午後5時06分": "2025-03-04T08:06:00",
    "2025年3月4日 下午5:06": "2025-03-04T09:06:00",
    "2025年3月4日": "2025-03-04T00:00:00",
    "２０２５年３月４日": "2025-03-04T00:00:00",
    # other languages
    "mar., 04 mars 2025 05:06:07 +0000": "2025-03-04T05:06:07",
    "Di, 04 März 2025 05:06:07 +0100": "2025-03-04T04:06:07",
    "4 de agosto de 2025": "2025-08-04T00:00:00",
    "4 марта 2025 г.": "2025-03-04T00:00:00",
    "Τρι, 04 Μάρ 2025 05:06:07 EST": "2025-03-04T10:06:07",
    "2025-március-4T5:06-05:00": "2025-03-04T10:06:00",
    "4 Mayıs 2025": "2025-05-04T00:00:00",
}


@pytest.mark.parametrize(("text", "expected"), RIGHT.items())
def test_known_forms(text: str, expected: str) -> None:
    assert parse_date(text) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    """ |-|now|today|yesterday|3 hours ago|방금 전|N/A|null|Invalid Date|NaN|soon|12:30|05:06:07|Jan 2|12|06|1 2 3|0000-00-00 00:00:00
    |2025-02-30|2025-13-01|2025-00-10|Thu, 31 Feb 2025 00:00:00 GMT|Sat, 29 Feb 2025 10:00:00 GMT|32.01.2025|13/13/2025
    |2025-03-04T25:06:07Z|2025-03-04T05:60:07Z|2025-03-04T05:06:61Z|Tue, 04 Foo 2025 05:06:07 GMT|Tue, 04 Mar 2025 05:06:07 XYZ
    |Tue, 04 Mar 2025 05:06:07 +2500|Tue, 04 Mar 2025 05:06:07 +0960|2025-03-04T05:06:07Z garbage|2025-03-04 2024-03-04
    |2025-03-04T05:06:07Z+01:00|0001-01-01T00:00:00Z|9999-12-31T23:59:59Z|1969-12-31T23:59:59Z|3/4/2025|06.01.02|99999999999""".replace(
        "\n    |", "|"
    ).split("|"),
)
def test_refused(text: str) -> None:
    assert parse_date(text) is None


def test_the_source_s_zone_is_for_dates_without_one() -> None:
    assert parse_date("2025-03-04 05:06:07", "Asia/Seoul") == datetime(2025, 3, 3, 20, 6, 7, tzinfo=UTC)
    assert parse_date("2025-03-04 05:06:07 GMT", "Asia/Seoul") == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)
    assert parse_date("2025-07-04 05:06:07", "America/New_York") == datetime(2025, 7, 4, 9, 6, 7, tzinfo=UTC)
    assert parse_date("Tue, 04 Mar 2025 05:06:07 CST", "Asia/Shanghai") == datetime(2025, 3, 3, 21, 6, 7, tzinfo=UTC)
    assert parse_date("Tue, 04 Mar 2025 05:06:07 CST") == datetime(2025, 3, 4, 11, 6, 7, tzinfo=UTC)
    assert parse_date("2025-03-04 05:06:07", "Nowhere/Land") == datetime(2025, 3, 4, 5, 6, 7, tzinfo=UTC)


OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2190, 1, 1), timezones=OFFSETS).map(lambda d: d.replace(microsecond=0))  # noqa: DTZ001 - bounds of hypothesis are naive


@given(MOMENTS)
def test_every_moment_survives_every_standard_form(moment: datetime) -> None:
    whole = moment.astimezone(UTC)
    for text in (format_datetime(moment), moment.isoformat(), moment.isoformat(" "), moment.strftime("%a %b %d %H:%M:%S %z %Y")):
        assert parse_date(text) == whole
    local = moment.replace(tzinfo=UTC)
    for form in ("%Y년 %m월 %d일 %H:%M:%S", "%Y. %m. %d. %H시 %M분 %S초"):
        assert parse_date(local.strftime(form)) == local - timedelta(hours=9)


@settings(max_examples=500)
@given(st.text(max_size=60), st.sampled_from([None, "Asia/Seoul", "x"]))
def test_total_and_aware(text: str, zone: str | None) -> None:
    found = parse_date(text, zone)
    assert found is None or (found.tzinfo is UTC and found.year >= 1969)


NUMBERS = st.text("0123456789-/.:, TZ+apm년월일시오후전 ", min_size=4, max_size=40)


@settings(max_examples=500)
@given(NUMBERS)
def test_digits_that_are_no_date_give_none_and_no_day_is_invented(text: str) -> None:
    found = parse_date(text)
    if found is not None:
        near = {found + timedelta(hours=h) for h in (-15, 0, 15)}
        digits = "".join(c for c in text if c.isdigit())
        assert any(f"{moment:%Y}" in digits or f"{moment:%y}" in digits for moment in near)
