"""What stands in the way of a page, by the one definition that answers of any status are held against."""

from __future__ import annotations

import pytest

from aiwatch.model import Fetched
from aiwatch.parse.challenge import challenge

HERE = "<html><head><title>{}</title></head><body>{}</body></html>"
WALLS = {
    "Cloudflare challenge": (HERE.format("Just a moment...", ""), HERE.format("Attention Required! | Cloudflare", "blocked")),
    "DataDome captcha": ('<script src="https://ct.captcha-delivery.com/c.js"></script>',),
    "PerimeterX captcha": (HERE.format("Access to this page has been denied", ""),),
    "Imperva challenge": ("Request unsuccessful. Incapsula incident ID: 7",),
    "Akamai refusal": (HERE.format("Access Denied", "Reference #18"),),
    "bot check": (HERE.format("Pardon Our Interruption", ""), "Please verify you are a human"),
    "login page": (HERE.format("Sign in", "<input type=password>"),),
}


@pytest.mark.parametrize(("name", "body"), [(name, body) for name, bodies in WALLS.items() for body in bodies])
def test_a_wall_is_named(name: str, body: str) -> None:
    assert challenge(Fetched(url="https://a.example/", status=200, headers={}, body=body.encode())) == name


@pytest.mark.parametrize(("header", "value"), [("cf-mitigated", "challenge"), ("x-amzn-waf-action", "captcha")])
def test_a_wall_that_says_so_needs_no_body(header: str, value: str) -> None:
    assert challenge(Fetched(url="https://a.example/", status=403, headers={header: value}, body=b""))


@pytest.mark.parametrize(
    "body",
    [
        HERE.format("Our models", '<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>'),
        HERE.format("Write to us", '<div class="g-recaptcha"></div>'),
        HERE.format("CAPTCHA is dead", "Models solve each captcha."),
        HERE.format("Forbidden", "You are not allowed to see this."),
    ],
)
def test_an_ordinary_page_behind_such_a_service_is_none(body: str) -> None:
    assert challenge(Fetched(url="https://a.example/", status=403, headers={}, body=body.encode())) is None
