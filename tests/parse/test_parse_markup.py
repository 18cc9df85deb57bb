"""Plain text: safe, whole, and never HTML."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aiwatch.parse.markup import clean, normal_title, one_line, plain


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a &lt;b&gt;x&lt;/b&gt; y", "a x y"),
        ("AT&T R&amp;amp;D &copy; &#8217; &#x92;", "AT&T R&D © ’ ’"),
        ("https://lab.example/?a=1&copy=2", "https://lab.example/?a=1&copy=2"),
        ("<p>a</p><p>b<br>c", "a\nb\nc"),
        ("<ul><li>a<li>b</ul>", "a\nb"),
        ("std::vector<int> &amp; <b>bold</b>", "std::vector<int> & bold"),
        ("1 < 2 and 3 > 2 <i>x</i>", "1 < 2 and 3 > 2 x"),
        ("<script>alert(1)</script>x<style>p{}</style>", "x"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;x", "x"),
        ("<img src=x onerror=alert(1)>t", "t"),
        ('<a href="javascript:alert(1)" title="a>b">link</a>', "link"),
        ("sa<!-- never closed >fe", "safe"),
        ("a<!-- gone -->b", "ab"),
        ("소라 <b>공개</b>", "소라 공개"),
        ("a\u00a0b\u200b\u202ec\x00\x1fd", "a bc d"),
        ("  a \n\n\n b  ", "a\nb"),
        ("", ""),
    ],
)
def test_plain(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_bounds() -> None:
    assert len(plain("x" * 100_000)) == 20_000
    assert plain("x" * 100_000).endswith("…")
    assert len(one_line("<b>word</b> " * 10_000)) == 1000
    assert "\n" not in one_line("<p>a</p><p>b</p>")
    assert plain("<div>" * 5000 + "x<script>y</script>z") == "x z"


def test_normal_title_forgets_form_and_keeps_words() -> None:
    assert normal_title("ＧＰＴ－５: It’s  HERE!") == normal_title("GPT-5 – its here")
    assert normal_title("소라 공개") != normal_title("소라 발표")


@settings(max_examples=400, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b",
                ">",
                "<",
                "&",
                "&lt;",
                "&amp;lt;",
                "<script>",
                "</script>",
                "<!--",
                "-->",
                "x",
                " ",
                "\n",
                '"',
                "<a href='",
            ]
        )
        | st.text(max_size=6)
    ).map("".join)
)
def test_total_bounded_and_without_scripts_or_controls(text: str) -> None:
    result = plain(text, 200)
    assert len(result) <= 200
    assert result == clean(result, 200)
    assert "<script>" not in result.lower()
    assert not any(ord(c) < 32 and c != "\n" for c in result)
    result.encode("utf-8")
