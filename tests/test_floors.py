"""The house's floors: imports point downwards only, and the lower floors touch neither network, files nor clocks."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "src" / "aiwatch"

FLOORS = {
    "errors": 0, "model": 0, "settings": 0, "views": 0, "stations": 0, "feedback": 0,
    "names": 1, "text": 1, "urls": 1, "rules": 1, "ports": 1, "tomlplace": 1, "jsonable": 1,
    "addresses": 1,
    "stories": 2, "parse": 2, "detect": 2, "batch": 2, "documents": 2, "explanation": 2, "outcome": 2,
    "overlay": 2, "effects": 2, "comparison": 2,
    "schedule": 2, "plan": 2, "digest": 2, "config": 2, "filters": 2, "audit": 2, "websub": 2, "sourcefile": 2, "retries": 2,
    "judging": 2, "headline": 2, "moves": 2, "relocation": 2, "sitemaps": 2, "liveness": 2, "conditions": 2,
    "floods": 2,
    "fetch": 3, "store": 3, "notify": 3, "sandbox": 3, "threads": 3,
    "poll": 4, "articles": 4, "publish": 4, "deliver": 4, "replay": 4, "reread": 4, "explaining": 4, "mending": 4,
    "verdicts": 4, "labelling": 4, "issuing": 4, "backfilling": 4, "settling": 4, "trying": 4,
    "app": 5, "run": 5,
    "cli": 6, "web": 6, "mcp": 6, "demo": 6,
    "__init__": 0, "__main__": 6,
}  # fmt: skip
IO_MODULES = {
    "httpx", "httpcore", "sqlite3", "sqlite_utils", "asyncio", "socket", "ssl", "os", "pathlib", "time", "random", "logging",
    "subprocess", "threading", "urllib.request", "aiosmtplib", "smtplib", "starlette", "uvicorn", "click", "rich", "apprise",
    "tempfile", "shutil",
}  # fmt: skip


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def noun(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    found: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module}
    return frozenset(found)


def ours(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "aiwatch" and len(parts) > 1 and parts[1] in FLOORS else None


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_downwards(path: Path) -> None:
    assert noun(path) in FLOORS, f"{noun(path)} has no floor: give it one in FLOORS"
    floor = FLOORS[noun(path)]
    upwards = {name for name in imports(path) if (target := ours(name)) is not None and FLOORS[target] > floor}
    assert not upwards


def test_the_page_on_architecture_shows_each_module_on_its_floor() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8").split("## Floors")[1].split("##")[0]
    rows = re.findall(r"^\| (\d) \| ([^|]*) \|", page, re.MULTILINE)
    shown = {name: int(floor) for floor, names in rows for name in re.findall(r"`(\w+)/?`", names)}
    assert shown == {name: floor for name, floor in FLOORS.items() if not name.startswith("__")}


@pytest.mark.parametrize(
    "path", [path for path in modules() if FLOORS.get(noun(path), 9) <= 2], ids=lambda path: str(path.relative_to(PACKAGE))
)
def test_the_lower_floors_do_no_io(path: Path) -> None:
    touched = {name for name in imports(path) if name in IO_MODULES or name.split(".")[0] in IO_MODULES}
    assert not touched
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]
    names = {ast.unparse(call.func) for call in calls}
    assert not names & {"open", "datetime.now", "datetime.utcnow", "date.today", "print", "input"}
    reads = {name for name in names if name.rpartition(".")[2] in {"read_text", "read_bytes", "write_text", "write_bytes"}}
    assert not reads or "importlib.resources.files" in imports(path), "a file that is not the package's own"
    own = {f"'aiwatch.{noun(path)}'", "'aiwatch'", "__package__"}
    assert {ast.unparse(call.args[0]) for call in calls if ast.unparse(call.func) == "files"} <= own


def test_use_cases_do_not_know_what_stands_behind_their_ports() -> None:
    for path in modules():
        if FLOORS.get(noun(path)) == 4:
            assert not {ours(name) for name in imports(path)} & {"fetch", "store", "notify"}, path


def test_siblings_of_the_third_floor_do_not_know_one_another() -> None:
    third = {name for name, floor in FLOORS.items() if floor == 3}
    known = {one: set[str]() for one in third}
    for path in modules():
        if noun(path) in third:
            known[noun(path)] |= {target for name in imports(path) if (target := ours(name)) in third - {noun(path)}}
    # one guarded client for all that goes out, and one way to run a call in a thread
    assert known == {
        "fetch": {"threads"},
        "store": set(),
        "notify": {"fetch", "threads"},
        "sandbox": {"threads"},
        "threads": set(),
    }


def test_what_runs_calls_in_threads_knows_nothing_of_the_house() -> None:
    assert not {ours(name) for name in imports(PACKAGE / "threads.py")} - {None}


def test_no_module_has_more_than_four_hundred_lines() -> None:
    long = {str(path.relative_to(PACKAGE)) for path in modules() if len(path.read_text("utf-8").splitlines()) > 400}
    assert not long, "a noun in it belongs somewhere else"


def test_there_is_no_import_cycle() -> None:
    graph = {noun(path): set[str]() for path in modules()}
    for path in modules():
        graph[noun(path)] |= {target for name in imports(path) if (target := ours(name)) and target != noun(path)}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for target in graph.get(name, ()):
                visit(target, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())
