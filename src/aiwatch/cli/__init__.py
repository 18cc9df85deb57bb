"""The command line: each command lives in a module of its own here, imported when it is called, so that ``--help`` stays quick."""

from __future__ import annotations

import codecs
import errno
import importlib
import io
import os
import sys
from pathlib import Path

import click

from aiwatch import __version__
from aiwatch.errors import AiwatchError, ConfigError

PREFIX = "AIWATCH"  # of what the environment sets

# name -> (module, one line for --help). The module's ``command`` is a click command or group.
COMMANDS: dict[str, tuple[str, str]] = {
    "demo": ("aiwatch.cli.demo", "The whole pipeline against a bundled newsroom on loopback."),
    "init": ("aiwatch.cli.init", "Write a first configuration."),
    "doctor": ("aiwatch.cli.doctor", "Is everything all right, and what to do where it is not."),
    "run": ("aiwatch.cli.run", "The daemon: poll and deliver until told to stop."),
    "once": ("aiwatch.cli.once", "One pass over what is due."),
    "sources": ("aiwatch.cli.sources", "What is watched: list, try, add, remove, pause, take in, give out."),
    "list": ("aiwatch.cli.list", "Announcements, by vendor, modality, stage, language, time."),
    "show": ("aiwatch.cli.show", "One story: its steps, who told it, why, and to whom it went."),
    "search": ("aiwatch.cli.search", "Full text over everything ever seen."),
    "sql": ("aiwatch.cli.sql", "Your own SELECT, reading only."),
    "stats": ("aiwatch.cli.stats", "Figures of the whole database."),
    "leadtime": ("aiwatch.cli.leadtime", "Who was first, and how late the others are."),
    "audit": ("aiwatch.cli.audit", "Recall and delay against a public list of releases."),
    "db": ("aiwatch.cli.db", "Look after the database: check, back up, restore, migrate, prune."),
    "datasette": ("aiwatch.cli.datasette", "The database in a browser, with Datasette."),
    "detect": ("aiwatch.cli.detect", "Judge the documents of a JSON Lines file: one JSON line each."),
    "rules": ("aiwatch.cli.rules", "Detection rules: check them, list them, test their examples."),
    "explain": ("aiwatch.cli.explain", "Why it is, or is not, an announcement; what became of it."),
    "replay": ("aiwatch.cli.replay", "What would have been told under other rules: +7 -2, each explained."),
    "label": ("aiwatch.cli.label", "Say what an item is: what was told follows, and replay checks the rules."),
    "rejudge": ("aiwatch.cli.rejudge", "Judge items or stories again by today's rules."),
    "serve": ("aiwatch.cli.serve", "Pages, API and feeds over the database."),
    "mcp": ("aiwatch.cli.mcp", "Tools for an assistant over the database."),
    "names": ("aiwatch.cli.names", "Names seen and not yet confirmed: list, accept, ignore, join."),
    "digest": ("aiwatch.cli.digest", "Preview, send, and see when the next one comes."),
    "deliveries": ("aiwatch.cli.deliveries", "What was sent to whom; send again, or give up."),
    "notify": ("aiwatch.cli.notify", "Whether recipients can be reached, and who is not written to."),
}
TELL_IT_THEMSELVES = {"run", "once", "doctor"}  # what the environment sets in vain: in their log, among their findings


class Lazy(click.Group):
    """A group that imports a command's module only when that command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """All names, in the order of ``COMMANDS``."""
        return [*COMMANDS]  # "list" is the module of that command, once it was imported

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, imported now."""
        if name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[name][0]).command
        assert isinstance(command, click.Command)  # noqa: S101
        from_environment(command, f"{PREFIX}_{name}")
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is called; a name that is none is answered with the nearest one."""
        if args[0] not in COMMANDS and (close := _close(args[0])):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {close[0]}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """One line a command, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


def _close(name: str) -> list[str]:
    import difflib

    return difflib.get_close_matches(name, COMMANDS, 1)


def from_environment(command: click.Command, prefix: str) -> None:
    """Have each option read ``AIWATCH_<COMMAND>_<OPTION>``, by the name that it has on the command line.

    What click reads by itself goes by the parameter's name in the program: ``--all`` would be AIWATCH_ONCE_EVERYTHING.
    """
    from aiwatch.addresses import of_a_neighbour

    for option in command.params:
        if isinstance(option, click.Option):
            long = next(name for name in option.opts if name.startswith("--"))
            name = f"{prefix}_{long[2:]}".upper().replace("-", "_")
            option.envvar = None if of_a_neighbour(os.environ.get(name, "")) else name
    for name, child in command.commands.items() if isinstance(command, click.Group) else ():
        from_environment(child, f"{prefix}_{name}")


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aiwatch")  # not from AIWATCH_VERSION: whoever deploys keeps a number there
@click.option(
    "-c", "--config", default="aiwatch.toml", envvar="AIWATCH_CONFIG", show_default=True, help="Private configuration file."
)
@click.option("--db", envvar="AIWATCH_DB", help="Database file; overrides the configuration.")
@click.pass_context
def cli(ctx: click.Context, config: str, db: str | None) -> None:
    """Told once, and without noise, when a new AI model is announced."""
    ctx.obj = {"config": config, "db": db}
    if any(name.upper().startswith(f"{PREFIX}_") for name in os.environ) and ctx.invoked_subcommand not in TELL_IT_THEMSELVES:
        from aiwatch.cli import variables

        for said in variables.unread(config):
            click.echo(f"aiwatch: {_shown(said)}", err=True)


def main(args: list[str] | None = None) -> None:
    """Entry point. Exit 0 done, 1 something failed, 2 wrong usage or configuration."""
    _show_every_letter()
    try:
        cli(args)
    except ConfigError as error:
        for problem in error.problems:
            print(_shown(problem), file=sys.stderr)
        sys.exit(2)
    except AiwatchError as error:
        print(f"aiwatch: {_shown(str(error))}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        if error.filename is not None:
            print(f"aiwatch: {_shown(f'{error.filename}: {error.strerror}')}", file=sys.stderr)
        elif error.errno in _FULL:  # of no file that somebody named: where the answer goes
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what is left of it would be tried again, and told as a mistake of ours
            print(f"aiwatch: the answer cannot be written where it should go: {error.strerror}", file=sys.stderr)
        else:
            raise
        sys.exit(1)


_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def _show_every_letter() -> None:
    """Have what a terminal's letters lack (an EUC-KR one has no é) shown by its number: an answer may not end in a traceback for it."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this: nobody wants an answer
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115  it stays open
    codecs.register_error("aiwatch.number", _number)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and stream.errors == "strict":
            stream.reconfigure(errors="aiwatch.number")


def _number(error: UnicodeError) -> tuple[str, int]:
    """An é as u00e9 behind a backslash, and what is beyond 16 bits as two: so that JSON stays JSON, which knows no other escape."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    digits = error.object[error.start : error.end].encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{digits[at : at + 4]}" for at in range(0, len(digits), 4)), error.end


def _shown(problem: str) -> str:
    """A problem as it may be shown: it can quote addresses, and words that are not ours."""
    from aiwatch.cli.output import harmless
    from aiwatch.urls import redact

    return "\n".join(harmless(redact(line)) for line in problem.split("\n"))
