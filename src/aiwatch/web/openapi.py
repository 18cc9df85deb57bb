"""The API's description (OpenAPI 3.1), written beside the routes it describes; a test holds the two together."""

from __future__ import annotations

from typing import Any

from aiwatch import __version__
from aiwatch.model import Modality, Stage, Tier
from aiwatch.outcome import Fate
from aiwatch.views import SORTS

_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_SECONDS = {"type": ["number", "null"]}
_PIECES = {"type": "array", "items": {"type": "array", "prefixItems": [_TEXT, {"type": "boolean"}], "minItems": 2}}
_TIME = {"type": ["string", "null"], "format": "date-time"}
_DATED = {"type": "string", "format": "date-time", "description": "its own date where that is believed, else when it was found"}
_COUNT = {"type": "integer", "minimum": 0}
_YES = {"type": "boolean"}
_NUMBER = {"type": "number"}
_STAGE = {"enum": [one.value for one in Stage]}
_MODALITY = {"enum": [one.value for one in Modality]}
_TIER = {"enum": [one.value for one in Tier]}


def _query(name: str, schema: dict[str, Any], about: str, *, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": about, "schema": schema}


def _many(name: str, allowed: list[str] | None, about: str) -> dict[str, Any]:
    one = {"type": "string", "enum": allowed} if allowed else {"type": "string", "minLength": 1, "maxLength": 100}
    return {**_query(name, {"type": "array", "items": one}, about), "style": "form", "explode": True}


def _limit(default: int) -> dict[str, Any]:
    return _query("limit", {"type": "integer", "minimum": 1, "maximum": 200, "default": default}, "rows of one answer")


_LIMIT = _limit(50)
_CURSOR = _query("cursor", {**_TEXT, "maxLength": 500}, "the cursor of the answer before: the next page")
_SINCE = _query(
    "since", {**_TEXT, "pattern": r"^(\d{1,4}(h|d|w|mo|y)|\d{4}-\d{2}-\d{2})$"}, "a span (24h, 7d, 2w, 3mo, 1y) or a day"
)
_UNTIL = {**_SINCE, "name": "until"}
FILTERS = [
    _many("vendor", None, "a vendor's name, such as OpenAI"),
    _many("modality", [one.value for one in Modality], "what the model makes or takes"),
    _many("stage", [*(one.value for one in Stage if one is not Stage.NONE), "all"], "without it: every stage but rumored"),
    _many("lang", None, "language of the first item, such as ko"),
    _many("source", None, "id of the source that had it first"),
    _many("tier", [one.value for one in Tier], "how near that source is to the vendor"),
    _query("text", {**_TEXT, "maxLength": 200}, "the model's name contains it"),
    _query("min_score", {"type": "number", "minimum": 0, "maximum": 1000}, "lowest score"),
    _SINCE,
    _UNTIL,
]


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _or_null(name: str) -> dict[str, Any]:
    return {"oneOf": [_ref(name), {"type": "null"}]}


def _object(about: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "description": about, "properties": properties, "required": sorted(properties)}


def _rows(*cells: dict[str, Any]) -> dict[str, Any]:
    row = {"type": "array", "prefixItems": list(cells), "minItems": len(cells), "maxItems": len(cells)}
    return _array(row)


def _array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _answer(schema: dict[str, Any], about: str) -> dict[str, Any]:
    body = {"application/problem+json": {"schema": _ref("Problem")}}
    problem = {"description": "what is wrong, for people", "content": body}
    return {
        "200": {
            "description": about,
            "headers": {"ETag": {"schema": _TEXT}},
            "content": {"application/json": {"schema": schema}},
        },
        "304": {"description": "the client has this answer already (If-None-Match)"},
        "400": problem,
        "401": problem,
        "404": problem,
        "429": {**problem, "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}},
        "503": problem,
    }


def _get(summary: str, schema: dict[str, Any], parameters: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    return {"get": {"summary": summary, "parameters": parameters or [], "responses": _answer(schema, summary)}}


def _list(name: str, item: str, *, cursor: bool = True) -> dict[str, Any]:
    return _object(f"a page of {name}", **{name: _array(_ref(item))}, **({"cursor": _MAYBE} if cursor else {}))


SCHEMAS: dict[str, Any] = {
    "Problem": _object("RFC 9457", type=_TEXT, title=_TEXT, status={"type": "integer"}, detail=_TEXT),
    "Announcement": _object(
        "a story's step to a new stage",
        id=_TEXT,
        story_id=_TEXT,
        stage=_STAGE,
        name=_TEXT,
        models=_array(_ref("Model")),
        vendor=_MAYBE,
        modality=_MODALITY,
        at={**_TIME, "type": "string", "description": "when it was found"},
        item_id=_TEXT,
        source_id=_TEXT,
        tier=_TIER,
        title=_TEXT,
        url=_MAYBE,
        lang=_MAYBE,
        quote=_TEXT,
        published={**_TIME, "description": "what its first item says; null where it says nothing that can be trusted"},
        score=_NUMBER,
        silent={**_MAYBE, "description": "why it was recorded and not told; null: it was told"},
    ),
    "Model": _object(
        "a model by its name; known: it is in the lexicon; spelled: the name as it stood there",
        name=_TEXT,
        vendor=_MAYBE,
        family=_TEXT,
        version=_TEXT,
        variant=_TEXT,
        modality=_MODALITY,
        known=_YES,
        spelled=_TEXT,
    ),
    "Coverage": _object(
        "where a story was reported",
        source_id=_TEXT,
        source_name=_TEXT,
        tier=_TIER,
        lang=_MAYBE,
        title=_TEXT,
        url=_MAYBE,
        seen_at=_DATED,
        published=_TIME,
        found_at=_TIME,
    ),
    "Story": _object(
        "one model's coverage",
        id=_TEXT,
        name=_TEXT,
        models=_array(_ref("Model")),
        stages=_array(_ref("StoryStage")),
        first_seen=_DATED,
        last_seen=_DATED,
        vendor=_MAYBE,
        modality=_MODALITY,
    ),
    "StoryStage": _object(
        "one step of a story: who had it first, the vendor's own item, whether it was told, and if not, why",
        stage=_STAGE,
        first_seen=_DATED,
        item_id=_TEXT,
        source_id=_TEXT,
        primary_item_id=_MAYBE,
        primary_seen=_TIME,
        told=_YES,
        silent=_MAYBE,
    ),
    "Entry": _object(
        "an announcement with its story and coverage",
        announcement=_ref("Announcement"),
        story=_ref("Story"),
        coverage=_array(_ref("Coverage")),
    ),
    "StoryLine": _object("a story in a list", story=_ref("Story"), members={"type": "integer"}, stage=_TEXT),
    "StoryView": _object(
        "all of one story",
        story=_ref("Story"),
        steps=_array(_ref("Step")),
        members=_array(_ref("Member")),
        outlets={"type": "integer"},
    ),
    "Step": _object(
        "one stage of a story: its first item, the vendor's own, what was announced, and by how long the vendor was beaten",
        first=_or_null("Member"),
        primary=_or_null("Member"),
        announcement=_or_null("Announcement"),
        quote=_TEXT,
        lead=_SECONDS,
    ),
    "Member": _object(
        "one item of a story; lag counts from its first item, vendor_lag from the vendor's own (negative: before it)",
        item_id=_TEXT,
        source_id=_TEXT,
        source_name=_TEXT,
        lang=_MAYBE,
        role=_TEXT,
        title=_TEXT,
        url=_MAYBE,
        seen_at=_TIME,
        lag=_SECONDS,
        vendor_lag=_SECONDS,
    ),
    "Hits": _object(
        "a page of documents",
        hits=_array(_ref("Hit")),
        cursor=_MAYBE,
        notes=_array(_TEXT),
    ),
    "Hit": _object(
        "a document; title and snippet are pieces of text, each with whether it is what was searched for",
        item_id=_TEXT,
        title=_PIECES,
        snippet=_PIECES,
        url=_MAYBE,
        source_id=_TEXT,
        source_name=_TEXT,
        seen_at=_TIME,
        story_id=_MAYBE,
        announcement=_YES,
    ),
    "SourceHealth": _object("a source's state", id=_TEXT, name=_TEXT, health=_TEXT, last_success_at=_TIME, next_poll_at=_TIME),
    "Gap": _object("a span that no poll saw", source_id=_TEXT, since=_TIME, until=_TIME),
    "Stats": _object(
        "figures of the database; pairs are a name (empty: unknown) and its count, days are UTC with documents and announcements",
        documents=_COUNT,
        stories=_COUNT,
        announcements=_COUNT,
        silent=_COUNT,
        withdrawn={**_COUNT, "description": "steps that a person took back"},
        sources=_COUNT,
        mentions=_COUNT,
        first_seen={**_TIME, "description": "when the oldest document was found"},
        last_seen={**_TIME, "description": "when the newest document was found"},
        size={**_COUNT, "description": "bytes on disk"},
        days=_rows({"type": "string", "format": "date"}, _COUNT, _COUNT),
        **{name: _rows(_TEXT, _COUNT) for name in ("vendors", "modalities", "stages", "langs", "top_sources")},
    ),
    "LeadTime": _object("one source's record", source_id=_TEXT, first={"type": "integer"}, joined={"type": "integer"}),
    "Explanation": _object(
        "why; verdict, story, told, notes and since are sentences. item_id is null for a text that is in no archive",
        item_id=_MAYBE,
        title=_TEXT,
        url=_MAYBE,
        verdict=_TEXT,
        announcement=_YES,
        stage=_STAGE,
        score=_NUMBER,
        threshold=_NUMBER,
        models=_array(_ref("Model")),
        texts=_array(_ref("Text")),
        fired=_array(_ref("Evidence")),
        near=_array(_ref("Evidence")),
        story=_array(_TEXT),
        told=_array(_TEXT),
        labels=_array(_ref("Label")),
        notes=_array(_TEXT),
        maker={**_MAYBE, "description": "whose model it is, where none is named"},
        meant=_array(_ref("Model")),
        would={**_array(_ref("Would")), "description": "what a text would be to stories if a source brought it now"},
        since={**_array(_TEXT), "description": "what today's rules would say otherwise than those that judged it"},
        overruled={**_YES, "description": "a person says otherwise than announcement and stage, which are the rules' word"},
    ),
    "Would": _object(
        "the fate of a text in one story; name is empty for one that it only mentions",
        fate={"enum": [one.value for one in Fate]},
        story_id=_TEXT,
        name=_TEXT,
        stage=_STAGE,
        known={**_YES, "description": "the story has other steps"},
    ),
    "Evidence": _object(
        "a rule that fired, or nearly, on a piece of a field",
        rule=_TEXT,
        field=_TEXT,
        start=_COUNT,
        end=_COUNT,
        matched=_TEXT,
        weight=_NUMBER,
        why=_TEXT,
    ),
    "Text": _object(
        "a field of the item with the spans on which rules fired",
        field=_TEXT,
        text=_TEXT,
        spans=_array(_ref("Span")),
        masked={**_TEXT, "description": "what the patterns of today's rules see of it, with a sign for each name"},
    ),
    "Span": _object(
        "a piece of a text; numbers are places in fired, from 1; inside are the shorter spans within it",
        start=_COUNT,
        end=_COUNT,
        numbers=_array({"type": "integer", "minimum": 1}),
        inside=_array(_ref("Span")),
    ),
    "Label": _object(
        "a person's judgement of an item",
        item_id=_TEXT,
        announcement=_YES,
        stage={"enum": [*(one.value for one in Stage), None]},
        note=_TEXT,
        at=_TIME,
        models=_array(_ref("Model")),
        apart=_YES,
    ),
}


_Q = {"type": "string", "minLength": 1, "maxLength": 500, "pattern": r"\S"}

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {
        "title": "aiwatch",
        "version": __version__,
        "description": "Announcements of new AI models, read-only. Titles, summaries and quotes are other people's words.",
    },
    "paths": {
        "/api/v1/announcements": _get(
            "Announcements",
            _list("announcements", "Entry"),
            [*FILTERS, _query("sort", {"type": "string", "enum": list(SORTS)}, "order"), _LIMIT, _CURSOR],
        ),
        "/api/v1/stories": _get(
            "Stories",
            _list("stories", "StoryLine"),
            [
                _query("text", {**_TEXT, "maxLength": 200}, "the name contains it"),
                _query("vendor", {**_TEXT, "maxLength": 100}, "its name"),
                _LIMIT,
                _CURSOR,
            ],
        ),
        "/api/v1/stories/{ref}": _get(
            "One story",
            _ref("StoryView"),
            [
                {"name": "ref", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{6,16}$"}},
            ],
        ),
        "/api/v1/search": _get(
            "Documents by full text",
            _ref("Hits"),
            [
                _query("q", _Q, "words, phrases, vendor: stage: lang: source: since:", required=True),
                _query("sort", {"type": "string", "enum": ["newest", "best"]}, "order"),
                _limit(20),
                _CURSOR,
            ],
        ),
        "/api/v1/sources": _get("Sources and their health", _list("sources", "SourceHealth", cursor=False)),
        "/api/v1/gaps": _get("Possible gaps in coverage", _list("gaps", "Gap", cursor=False), [_SINCE]),
        "/api/v1/stats": _get("Figures", _ref("Stats")),
        "/api/v1/leadtime": _get("Who was first", _list("leadtime", "LeadTime", cursor=False), [_SINCE]),
        "/api/v1/explain": _get("Why", _ref("Explanation"), [_query("q", _Q, "a text, an address or an id", required=True)]),
        "/api/v1/openapi.json": _get("This description", {"type": "object"}),
    },
    "components": {
        "schemas": SCHEMAS,
        "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}, "basic": {"type": "http", "scheme": "basic"}},
    },
    "security": [{}, {"bearer": []}, {"basic": []}],
}


def query_names(path: str) -> list[str]:
    """The query parameters of a path below ``/api/v1``."""
    return [one["name"] for one in DOCUMENT["paths"][f"/api/v1{path}"]["get"]["parameters"] if one["in"] == "query"]
