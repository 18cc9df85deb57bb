"""``docs/commands.md`` from the commands themselves: ``python -m aiwatch.cli.reference > docs/commands.md``; a test compares."""

from __future__ import annotations

from collections.abc import Iterator

import click

from aiwatch.cli import cli

HEAD = """\
# Commands

Made from the commands themselves by `python -m aiwatch.cli.reference`. Every option may also come from the environment, as
`AIWATCH_<COMMAND>_<OPTION>` (`AIWATCH_SOURCES_LIST_JSON=1`). Exit codes: 0 done, 1 something failed, 2 wrong usage or configuration.
`--json` wherever something is listed, judged or sent.
Only `run`, `once` and `db restore` make the database: where there is none, whatever asks or mends it says so and exits with 1.
Times are UTC, unless the time zone of a digest is named beside them.
"""


def reference() -> str:
    """The whole page."""
    return HEAD + "\n" + "\n".join(_section(command, context) for command, context in commands())


def commands() -> Iterator[tuple[click.Command, click.Context]]:
    """All of them, each with its context; loads every command's module."""
    return walk(cli, click.Context(cli, info_name="aiwatch", **cli.context_settings))  # a bare context would forget -h


def walk(command: click.Command, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Every command with its context, parents before children."""
    yield command, context
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None:
                yield from walk(child, click.Context(child, info_name=name, parent=context))


def _section(command: click.Command, context: click.Context) -> str:
    command._help_option = None  # noqa: SLF001  click keeps the one of the first context, which may have been another
    text = "\n".join(line.rstrip() for line in command.get_help(_wide(context)).splitlines())
    return f"## {context.command_path}\n\n```text\n{text}\n```\n"


def _wide(context: click.Context) -> click.Context:
    context.max_content_width = 120
    context.terminal_width = 120
    return context


if __name__ == "__main__":
    print(reference(), end="")
