"""Pages that stand in the way of others: bot checks, login pages, consent walls. The one definition, whatever the status of the answer.

Marks are chosen so that an ordinary page behind the same service does not carry them: Cloudflare puts its
``/cdn-cgi/challenge-platform/`` script on normal pages too, so only the challenge's own title, option object or header counts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Protocol

HEAD = 64 * 1024  # bytes looked at; every one of these pages is small

HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare challenge"),
    ("x-amzn-waf-action", "challenge", "AWS WAF challenge"),
    ("x-amzn-waf-action", "captcha", "AWS WAF captcha"),
)
BODIES = tuple(
    (re.compile(pattern.encode(), re.IGNORECASE), name)
    for pattern, name in (
        (
            r"<title>\s*(just a moment|attention required! \| cloudflare)|_cf_chl_opt|cf-browser-verification",
            "Cloudflare challenge",
        ),
        (r"enable javascript and cookies to continue", "Cloudflare challenge"),
        (r"geo\.captcha-delivery\.com|ct\.captcha-delivery\.com/c\.js", "DataDome captcha"),
        (r'id="px-captcha"|<title>\s*access to this page has been denied', "PerimeterX captcha"),
        (r"_incapsula_resource\?|incapsula incident id", "Imperva challenge"),
        (r"gokuprops\s*=|awswafintegration\.(getToken|saveReferrer)", "AWS WAF challenge"),
        (r"sgcaptcha|/_sec/verify\?|ak_bmsc_challenge|<title>\s*access denied\s*</title>", "Akamai refusal"),
        (r"<title>\s*vercel security checkpoint", "Vercel checkpoint"),
        (r"aliyun_waf_|acw_sc__v2|punish-component", "Alibaba Cloud check"),
        (
            r"<title>\s*(robot check|are you a robot|ddos-guard|human verification|security check|pardon our interruption)",
            "bot check",
        ),
        (r"verify(ing)? (that )?you are (a )?human|unusual traffic from your computer", "bot check"),
    )
)
LOGIN_TITLE = re.compile(
    rb"<title>[^<]{0,40}(sign[ -]?in|log[ -]?in|" + "로그인|ログイン|登录|登入".encode() + rb")[^<]{0,40}</title>",
    re.IGNORECASE,
)
PASSWORD = re.compile(rb"<input[^>]{0,300}type\s*=\s*[\"']?password", re.IGNORECASE)
CONSENT = re.compile(rb"consent\.(google|youtube|yahoo)\.com|<title>\s*before you continue", re.IGNORECASE)


class Answered(Protocol):
    """What is looked at of an answer: a page that was fetched, or the body of an error."""

    @property
    def headers(self) -> Mapping[str, str]:
        """Names in lower case."""

    @property
    def body(self) -> bytes:
        """Decoded."""


def challenge(answer: Answered) -> str | None:
    """Name what stands in the way, such as ``Cloudflare challenge`` or ``login page``; None for an ordinary answer."""
    for header, value, name in HEADERS:
        if value in answer.headers.get(header, "").lower():
            return name
    head = answer.body[:HEAD]
    for pattern, name in BODIES:
        if pattern.search(head):
            return name
    if PASSWORD.search(head) and LOGIN_TITLE.search(head):
        return "login page"
    if CONSENT.search(head):
        return "consent wall"
    return None


def looks_like(body: bytes) -> str:
    """Say in a few words what a body that yielded nothing looks like, for an error message."""
    start = body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "an empty body"
    if start.startswith((b"{", b"[")):
        return "JSON"
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<urlset", b"<sitemapindex")):
        return "XML"
    if b"<html" in body[:4096].lower() or start.startswith(b"<!doctype html"):
        title = re.search(rb"<title[^>]*>([^<]{1,120})", body[:HEAD], re.IGNORECASE)
        named = " ".join(title[1].decode("utf-8", "replace").split()) if title else ""
        return f"an HTML page titled {named!r}" if named else "an HTML page without a title"
    return "plain text"
