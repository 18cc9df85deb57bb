"""The words of digests in the reader's language, and dates and durations in the reader's zone and form.

Messages are TOML files in ``messages/``; a user's own ``messages.ko.toml`` in the templates directory overrides single lines of them.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_datetime

from aiwatch.errors import ConfigError, Place
from aiwatch.model import EMPTY, Modality, Stage
from aiwatch.tomlplace import line_of_error, loads

LANGUAGES = ("en", "ko")
_WITH_YEAR = {"short": "short_year", "day": "range_day"}  # forms without a year, and those with it


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One reader's words: a language, a zone, and the messages of that language.

    ``year`` is the one that goes without saying; a moment of another one says which. None: no year does, and no short form has one.
    """

    lang: str
    zone: ZoneInfo
    messages: Mapping[str, Any]
    year: int | None = None

    def say(self, key: str, **values: object) -> str:
        """The message ``section.name``; with ``n`` among the values, in the plural form that the language has for it."""
        section, name = key.split(".")
        found = self.messages[section][name]
        if isinstance(found, Mapping):
            n = values.get("n", 0)
            form = Locale.parse(self.lang).plural_form(n if isinstance(n, int) else 0)
            found = found.get(form, found["other"])
        try:
            return str(found).format_map(values) if values else str(found)
        except (LookupError, ValueError) as error:  # a user's own wording: ours are tried by the tests
            has = ", ".join(f"{{{name}}}" for name in sorted(values))
            raise ConfigError(
                f'messages.{self.lang}.toml: {key} = "{found}" cannot be filled in ({error}); there is {has}'
            ) from error

    def stage(self, stage: Stage) -> str:
        """The step's name."""
        return self.say(f"stage.{stage.value}")

    def modality(self, modality: Modality) -> str:
        """The modality's name."""
        return self.say(f"modality.{modality.value}")

    def language(self, lang: str | None) -> str:
        """A language's name; its code where the catalogue has no name for it; empty for none."""
        code = (lang or "").split("-")[0].lower()
        return str(self.messages["lang"].get(code, code))

    def at(self, moment: datetime, form: str = "moment") -> str:
        """A moment in the reader's zone: ``moment``, ``short``, ``day`` or ``range_day``."""
        if form in _WITH_YEAR and self.year not in (None, moment.astimezone(self.zone).year):
            form = _WITH_YEAR[form]
        return format_datetime(moment, self.say(f"format.{form}"), tzinfo=self.zone, locale=_locale(self.lang))

    def lag(self, span: timedelta | float) -> str:
        """A duration in two units at most: ``47 min``, ``2 h 10 min``, ``3 d``."""
        seconds = abs(span.total_seconds() if isinstance(span, timedelta) else span)
        minutes = round(seconds / 60)
        if minutes < 1:
            return self.say("lag.moments")
        if minutes < 60:
            return self.say("lag.minutes", m=minutes)
        if minutes < 48 * 60:
            hours, rest = divmod(minutes, 60)
            return self.say("lag.hours" if rest else "lag.hours_bare", h=hours, m=rest)
        days, rest = divmod(round(minutes / 60), 24)
        return self.say("lag.days" if rest else "lag.days_bare", d=days, h=rest)

    def names(self, names: Sequence[str], most: int = 3, more: str = "list.more_names") -> str:
        """``A, B and 2 more``; ``more`` is the message that counts the others, as Korean counts each kind of thing by a word of its own."""
        if len(names) > most:
            shown = self.say("list.comma").join(names[: most - 1])
            return self.say(more, names=shown, n=len(names) - most + 1)
        if len(names) < 2:
            return "".join(names)
        return self.say("list.comma").join(names[:-1]) + self.say("list.and") + names[-1]


def catalogue(lang: str, zone: str, overrides: Mapping[str, str] = EMPTY) -> Catalogue:
    """The words of that language (English where there is none); ``overrides`` are the user's template files by name.

    Raises ConfigError, naming the file, for an override that is not TOML or names a message that does not exist.
    """
    primary = lang.partition("-")[0]
    known = primary if primary in LANGUAGES else "en"
    messages = _shipped(known)
    name = f"messages.{known}.toml"
    if name in overrides:
        messages = _merged(messages, overrides[name], name)
    return Catalogue(known, ZoneInfo(zone), messages)


@cache
def _shipped(lang: str) -> Mapping[str, Any]:
    return tomllib.loads(files("aiwatch.digest").joinpath("messages", f"{lang}.toml").read_text("utf-8"))


def _merged(shipped: Mapping[str, Any], text: str, name: str) -> Mapping[str, Any]:
    try:
        own = loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{Place(file=name, line=line_of_error(str(error)))}: not TOML: {error}") from error
    known = [f"{section}.{key}" for section, lines in shipped.items() for key in lines]
    for section, lines in own.items():
        for key in [f"{section}.{one}" for one in lines] if isinstance(lines, dict) else [section]:
            if key not in known:
                close = difflib.get_close_matches(key, known, 1)
                hint = f'; did you mean "{close[0]}"?' if close else ""
                raise ConfigError(f'{name}: there is no message "{key}"{hint}')
    return {section: {**lines, **own.get(section, {})} for section, lines in shipped.items()}


@cache
def _locale(lang: str) -> Locale:
    return Locale.parse({"en": "en_GB", "ko": "ko_KR"}[lang])
