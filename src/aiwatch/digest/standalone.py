"""A mail as a document that needs no mail program: its pictures stand in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def document(body: Mapping[str, Any]) -> str | None:
    """The HTML of a mail's body (see ``render``); None where it has none: it is of another channel, or no longer kept."""
    html = body.get("html")
    if not isinstance(html, str):
        return None
    for image in body.get("images", ()):
        html = html.replace(f"cid:{image['cid']}", f"data:{image['type']};base64,{image['data']}")
    return html
