"""The error family. Outcomes of a poll or a delivery are values (see ``model``); exceptions are for configuration and bugs.

    AiwatchError
    ├── ConfigError        a file of the user's is wrong: names file, line, what was found, what is allowed
    │   └── RuleError      a detection rule is wrong: names the rule as well
    ├── ParseError         a body is not what it should be: names the address
    ├── StoreError         the database cannot do what was asked
    │   ├── BadQuery       what was asked makes no sense; whoever asked can mend it
    │   ├── Conflict       somebody else committed first; the caller's view is stale
    │   ├── Contradiction  the values cannot stand together, at no time: a mistake of ours
    │   └── Busy           another daemon holds this database
    ├── Refused            a person's word cannot be heeded as things are; says what can be said instead
    │   └── Unclear        it lacks something, or contradicts itself, however things are
    └── DeliveryError      a recipient cannot be addressed at all (never: a send that failed)

Foreign errors are translated once, where they enter: httpx in ``fetch``, sqlite3 in ``store``, smtplib and httpx in ``notify``.
"""

from __future__ import annotations

from dataclasses import dataclass


class AiwatchError(Exception):
    """Everything this package raises on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in a file a mistake stands. ``line`` counts from 1; 0 means the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


class ConfigError(AiwatchError):
    """One or more mistakes in a configuration file; ``problems`` has a line of text for each."""

    def __init__(self, problems: list[str] | str) -> None:
        self.problems = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class RuleError(ConfigError):
    """A detection rule that cannot be used; each problem names file, line and rule."""


class ParseError(AiwatchError):
    """A body that is not the kind of document its source promises; the message names what it looks like instead."""


class StoreError(AiwatchError):
    """The database refused; the message says which file and what to do."""


class BadQuery(StoreError):
    """A question that has no answer: a cursor of nobody, an unknown order, digits that several ids begin with."""


class Conflict(StoreError):
    """The row's revision moved between reading and writing: nothing was written."""


class Contradiction(StoreError):
    """The values break a rule of the schema, and would break it again: nothing was written. The database itself is well."""


class Busy(StoreError):
    """Another daemon holds this database; the message names its process."""


class Refused(AiwatchError):
    """A person asks for what cannot be done as things are; the message says why, and what to do instead."""


class Unclear(Refused):
    """What a person asks for lacks something, or contradicts itself or what is listed; the message says how to ask."""


class DeliveryError(AiwatchError):
    """A recipient that cannot work as configured, such as an unknown address scheme."""
