"""A file's text as a shape, and its mistakes as sentences with their lines: ``file:line: key: what was found; what is allowed``."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import ValidationError

from aiwatch.config.shapes import IN_WORDS, Indirect, Shape, ShapeT
from aiwatch.config.variables import PREFIX, is_meant_for_us
from aiwatch.errors import Place
from aiwatch.model import EMPTY
from aiwatch.tomlplace import Path, line_of, line_of_error, loads, places


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A configuration file as read. ``name`` is what messages call it."""

    name: str
    text: str


IN_ENVIRONMENT = "the environment variable "  # how a problem begins that no line of the file has
WHAT_IS_HIDDEN = 'a secret is a text, { env = "NAME" } or { file = "/path" }'
_FORMS_OF_A_SECRET = ("str", "Indirect")  # pydantic names the member of the union that it tried


class Book:
    """The problems of one file, each with its line; or with its variable, where the environment (``env``) sets what is wrong."""

    def __init__(self, file: File, problems: list[str], env: Mapping[str, str] = EMPTY) -> None:
        self.file, self.problems, self.lines, self.env = file, problems, places(file.text), env

    def say(self, path: Path, text: str) -> None:
        """Note a problem with the line of ``path``, or of the nearest table around it."""
        if variable := self._variable(path):
            self.problems.append(f"{IN_ENVIRONMENT}{variable}: {text}")
            return
        line = line_of(self.lines, path)
        self.problems.append(f"{self.file.name}:{line}: {text}" if line else f"{self.file.name}: {text}")

    def _variable(self, path: Path) -> str | None:
        """What sets that key (``AIWATCH_SMTP_PORT``), or names the file that holds it."""
        names = [f"{PREFIX}_{'_'.join(map(str, path[:length]))}".upper() for length in range(1, len(path) + 1)]
        ours = {name for name, value in self.env.items() if is_meant_for_us(name, value)}
        return next((one for name in names for one in (name, f"{name}_FILE") if one in ours), None)


def load(kind: type[ShapeT], book: Book) -> ShapeT | None:
    """The file's text as that shape; None, with the problems said, where it is not."""
    try:
        table = loads(book.file.text)
    except tomllib.TOMLDecodeError as error:
        book.problems.append(f"{Place(file=book.file.name, line=line_of_error(str(error)))}: not TOML: {error}")
        return None
    try:
        return kind.model_validate(_overridden(table, kind, book.env))
    except ValidationError as error:
        for detail in error.errors():
            book.say(tuple(detail["loc"]), _sentence(detail, kind))
        book.problems[:] = dict.fromkeys(book.problems)  # a secret is one of two things, and is told twice where it is neither
        return None


def _overridden(table: dict[str, Any], kind: type[Shape], env: Mapping[str, str], prefix: str = PREFIX) -> dict[str, Any]:
    """``table`` with the scalars that the environment sets, such as AIWATCH_SMTP_PORT=587; the environment wins."""
    result = dict(table)
    for name, info in kind.model_fields.items():
        variable = f"{prefix}_{name}".upper()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Shape):
            inner = result.get(name, {})
            if isinstance(inner, dict) and (changed := _overridden(inner, info.annotation, env, variable)):
                result[name] = changed
        elif variable in env and is_meant_for_us(variable, env[variable]):
            result[name] = _typed(env[variable], info.annotation)
        elif Indirect in get_args(info.annotation) and f"{variable}_FILE" in env:
            result[name] = {"file": env[f"{variable}_FILE"]}
    return result


def _typed(text: str, annotation: Any) -> Any:
    """An environment variable's text as what the field wants; left as text where that fails, so that validation names it."""
    wants = _inside(annotation)
    if bool in wants and text.lower() in {"1", "yes", "true", "on", "0", "no", "false", "off"}:
        return text.lower() in {"1", "yes", "true", "on"}
    for number in (int, float):
        if number in wants:
            try:
                return number(text)
            except ValueError:
                continue
    return text.split(",") if str(annotation).startswith("list[str") else text


def _inside(annotation: Any) -> set[Any]:
    """The types that an annotation is made of."""
    parts = [part for part in get_args(annotation) if isinstance(part, type) or get_args(part)]
    return {annotation}.union(*(_inside(part) for part in parts))


def _sentence(detail: Any, kind: type[Shape]) -> str:
    """A pydantic problem as ``key: what was found; what is allowed``."""
    path = [str(part) for part in detail["loc"] if not isinstance(part, int) and part not in _FORMS_OF_A_SECRET]
    key = ".".join(path) or "file"
    if detail["type"] == "extra_forbidden":
        allowed = sorted(_fields_at(kind, detail["loc"][:-1]))
        close = difflib.get_close_matches(path[-1], allowed, 1)
        hint = f'did you mean "{close[0]}"? ' if close else ""
        if len(path) > 1 and path[-1] in kind.model_fields and not close:  # TOML gives it to the table that was opened last
            hint = f'"{path[-1]}" stands above the first [table]; '
        return f'unknown key "{key}"; {hint}allowed here: {", ".join(allowed)}'
    if detail["type"] == "missing":
        return f'"{key}" is missing'
    if _secret_at(kind, detail["loc"]):
        wanted = detail["msg"].lower() if detail["type"] in {"list_type", "dict_type"} else WHAT_IS_HIDDEN
        return f"{key}: found {type(detail.get('input')).__name__}; {wanted}"
    said = detail["msg"].removeprefix("Value error, ")
    wanted = IN_WORDS.get(detail.get("ctx", {}).get("pattern")) or f"{said[0].lower()}{said[1:]}"
    return f"{key}: found {_shown(detail.get('input'))}; {wanted}"


def _secret_at(kind: type[Shape], loc: tuple[int | str, ...]) -> bool:
    """Whether what stands there is, or holds, a secret, which no message may quote."""
    current: Any = kind
    for part in loc:
        annotation = current.model_fields[part].annotation if part in getattr(current, "model_fields", ()) else current
        inside = _inside(annotation)
        if Indirect in inside:
            return True
        current = next((one for one in inside if isinstance(one, type) and issubclass(one, Shape)), current)
    return False


def _fields_at(kind: type[Shape], loc: tuple[int | str, ...]) -> set[str]:
    """The keys allowed in the table at ``loc``."""
    current: Any = kind
    for part in loc:
        if isinstance(part, int) or not hasattr(current, "model_fields"):
            continue
        if part not in current.model_fields:
            continue
        annotation = current.model_fields[part].annotation
        shapes = [one for one in (annotation, *get_args(annotation)) if isinstance(one, type) and issubclass(one, Shape)]
        current = shapes[0] if shapes else current
    return set(current.model_fields)


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def in_order(problems: list[str]) -> list[str]:
    """By file and line, as a person mends them."""

    def place(problem: str) -> tuple[str, int]:
        name, _, rest = problem.partition(":")
        number = rest.partition(":")[0]
        return name, int(number) if number.isdigit() else 0

    return sorted(problems, key=place)
