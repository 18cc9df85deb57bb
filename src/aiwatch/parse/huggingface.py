"""Kind ``huggingface``: new models of an organisation (``https://huggingface.co/api/models?author=ORG&sort=createdAt&direction=-1``) or
the daily papers (``https://huggingface.co/api/daily_papers``).

One release is many rows: sizes, base and instruct, quantised copies. Rows whose names differ only in that are one item, which names its
members; its address is the plainest member's. ``createdAt`` is when the repository was made, which can be before it was shown.
Source: huggingface.co/docs/hub/api.
"""  # noqa: D205  the two addresses are one sentence

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from aiwatch.errors import ParseError
from aiwatch.model import Fetched, Parsed, PollState, Source
from aiwatch.parse import listing
from aiwatch.parse.listing import Row
from aiwatch.parse.path import select, text_at
from aiwatch.ports import Request
from aiwatch.urls import redact

OPTIONS: frozenset[str] = frozenset({"pipelines", "limit"})  # keep models of these pipeline tags
QUANTISED = re.compile(
    r"[-_.](?:gguf|ggml|awq|gptq|exl2|mlx|onnx|openvino|bnb|fp8|fp4|nvfp4|mxfp4|bf16|fp16|int[48]|w[48]a\d+|[48]bit|q\d\w*|qat|quantized"
    r"|tflite|litert(?:-lm)?|keras|pytorch|flax|jax|transformers|diffusers|safetensors)(?=$|[-_.])",
    re.IGNORECASE,
)
TUNED = re.compile(r"[-_.](?:base|instruct|chat|it|pt|sft|dpo|rlhf|hf|assistant)(?=$|[-_.])", re.IGNORECASE)
SIZE = re.compile(  # 27b, 1.5B, 8x7B, E4B, 80B-A3B, and 16E for experts
    r"[-_.](?:(?:\d+x|e)?\d+(?:\.\d+)?[bmk](?:[-_.]?(?:a|active)\d+(?:\.\d+)?b)?|\d+e)(?=$|[-_.])", re.IGNORECASE
)


def request_for(source: Source, state: PollState) -> Request:
    """Make the GET; a token in ``headers`` raises the limits and shows gated repositories."""
    return listing.request(source, state, robots=False, accept="application/json")


def parse(source: Source, fetched: Fetched, *, now: datetime) -> Parsed:
    """Read the newest models (or papers), one item a release. Raises ParseError for an error object or an empty list."""
    value = listing.json_of(source, fetched)
    if not isinstance(value, list):
        said = value.get("error", "something that is no list") if isinstance(value, dict) else "something that is no list"
        raise ParseError(f"{redact(fetched.url)}: Hugging Face says {said!r}")
    if not value:
        raise listing.barren(source, fetched, "no models: an empty list")
    found = [one for one in value if isinstance(one, dict)]
    rows = [_paper(one) for one in found if "paper" in one] or releases(source, found)
    items = listing.entries(source, fetched.url, rows, now=now, limit=int(source.options.get("limit", 100)))
    dates = [text_at(one, "createdAt") for one in found] if "sort=createdAt" in fetched.url else []
    reaches = listing.reach(source, dates, len(rows), now=now)
    return Parsed(items=items, may_be_empty="pipelines" in source.options, reaches=reaches)


def releases(source: Source, models: list[dict[str, Any]]) -> list[Row]:
    """One row for each release, in the order of its newest member."""
    wanted = set(listing.texts(source.options.get("pipelines")))
    groups: dict[str, list[dict[str, Any]]] = {}
    for model in models:
        name = str(model.get("id") or model.get("modelId") or "")
        if name and not model.get("private") and (not wanted or model.get("pipeline_tag") in wanted):
            groups.setdefault(release_of(name), []).append(model)
    return [_release(name, members) for name, members in groups.items()]


def release_of(name: str) -> str:
    """The release that a repository belongs to: ``Org/Name-9`` of ``Org/Name-9-7B-Instruct-GGUF``."""
    before = ""
    while before != name:
        before = name
        for pattern in (QUANTISED, TUNED, SIZE):
            name = pattern.sub("", name)
    return name


def _release(name: str, members: list[dict[str, Any]]) -> Row:
    ids = sorted(
        (str(one.get("id") or one.get("modelId")) for one in members),
        key=lambda one: (bool(QUANTISED.search(one)), len(one), one),
    )
    plain = next(one for one in members if str(one.get("id") or one.get("modelId")) == ids[0])
    tags = [str(tag) for tag in select(plain, "tags[]") if ":" not in str(tag)]
    owner, _, short = name.partition("/")
    task = text_at(plain, "pipeline_tag")
    also = f" Members: {', '.join(one.partition('/')[2] for one in ids)}." if len(ids) > 1 else ""
    return Row(
        title=short or owner,
        link=f"https://huggingface.co/{ids[0]}",
        date=min(text_at(one, "createdAt") for one in members),
        summary=f"{owner} has a new model on Hugging Face: {short or owner}{f' ({task})' if task else ''}.{also}",
        category="|".join([task, *tags] if task else tags),
        key=f"https://huggingface.co/{name}",
        author=owner,
    )


def _paper(one: dict[str, Any]) -> Row:
    return Row(
        title=text_at(one, "paper.title|title"),
        link=f"https://huggingface.co/papers/{text_at(one, 'paper.id')}",
        date=text_at(one, "paper.publishedAt|publishedAt"),
        summary=text_at(one, "paper.summary|summary"),
        author=", ".join(str(name) for name in select(one, "paper.authors[].name")),
    )
