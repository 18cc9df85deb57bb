"""Which variables of the environment a configuration reads: those that set a key, and those that it names as the place of a secret."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any, get_args

from aiwatch.addresses import of_a_neighbour
from aiwatch.config.shapes import ConfigShape, Indirect, Shape
from aiwatch.tomlplace import loads

PREFIX = "AIWATCH"

# Kubernetes and Docker set such for a service or container that is called aiwatch, or aiwatch-web: nobody misspelt them.
_OF_A_NEIGHBOUR = re.compile(r".+_SERVICE_(HOST|PORT(_\w+)?)|.+_PORT_\d+_(TCP|UDP|SCTP)(_\w+)?")


def of_keys(kind: type[Shape] = ConfigShape, prefix: str = PREFIX) -> Iterator[str]:
    """``AIWATCH_SMTP_PORT`` and all others that set a key, with the ``..._FILE`` of secrets."""
    for name, info in kind.model_fields.items():
        variable = f"{prefix}_{name}".upper()
        if isinstance(info.annotation, type) and issubclass(info.annotation, Shape):
            yield from of_keys(info.annotation, variable)
        else:
            yield variable
            if Indirect in get_args(info.annotation):
                yield f"{variable}_FILE"


def of_secrets(text: str) -> set[str]:
    """The variables that a file names as ``{ env = "NAME" }``; none where it is no TOML, which is told elsewhere."""
    try:
        return set(_named(loads(text)))
    except tomllib.TOMLDecodeError:
        return set()


def _named(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("env"), str):
            yield value["env"]
        yield from _named(list(value.values()))
    elif isinstance(value, list):
        for one in value:
            yield from _named(one)


def is_meant_for_us(name: str, value: str) -> bool:
    """Whether somebody who sets that variable wants something of aiwatch."""
    if not name.upper().startswith(f"{PREFIX}_"):
        return False
    return not (_OF_A_NEIGHBOUR.fullmatch(name) or of_a_neighbour(value))
