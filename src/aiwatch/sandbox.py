"""Work that may have to be abandoned: large bodies are read in a process of their own, with limits on its time and memory.

    the daemon ── pickled call ──> a process of its own ── pickled result ──> the daemon

A thread cannot be stopped, and a parser in C that crashes takes its process along. So whatever reads a body beyond ``ABOVE`` bytes runs in
a child: when its time is up it is killed, when it crashes one poll fails with a reason, and the interpreter of the daemon stays free while
it works. Small bodies are read in a thread: a child costs a third of a second, a small body milliseconds. The child is given neither the
daemon's environment nor the headers of the source, so a parser that is taken over finds no secrets.

The thread is one of its own, which ends with the body: libxml2 keeps every name of an element or attribute until the thread that met it
ends, and those of asyncio's pool end with the daemon. Frameworks make up names at each build (``data-v-7ba5bd90``), a hostile feed at each
poll.
"""

from __future__ import annotations

import asyncio
import contextlib
import copyreg
import math
import os
import pickle
import resource
import signal
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, ParamSpec, TypeVar

from aiwatch.errors import AiwatchError, ParseError
from aiwatch.threads import NoThread, apart

P = ParamSpec("P")
T = TypeVar("T")

ABOVE = 128 * 1024  # bytes of a body that are still read in the daemon itself; a deep one weighs more (``parse.weight``)
SECONDS = 30.0  # a feed of 50,000 items takes three
MEMORY = 320 * 1024**2  # bytes of address space of a child: two and the daemon stay below the gigabyte of unit and container
AT_ONCE = 2  # children
THREADS = 6  # small bodies read at once: more threads would wait for one another, with their trees in memory
HELD = 96 * 1024 * 1024  # bytes of the bodies that are read in children or wait for one
# Not LANG and its like: an archive of locales is 200 MB of address space where all are installed.
_INHERITED = ("PATH", "PYTHONPATH", "PYTHONHOME", "TZ", "TMPDIR")

_CHILD = "import sys; from aiwatch.sandbox import main; main(int(sys.argv[1]), int(sys.argv[2]))"


def _view(plain: dict[Any, Any]) -> MappingProxyType[Any, Any]:
    return MappingProxyType(plain)


copyreg.pickle(MappingProxyType, lambda view: (_view, (dict(view),)))  # values of ``model`` hold such views; pickle knows none


async def in_a_thread(_size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
    """The plain way: what is abandoned goes on, but nobody waits for it."""
    return await apart(partial(call, *args, **kwargs), name="body")


class Sandbox:
    """``await aside(size, call, *args)``: ``call(*args)`` in a thread, or for a large body in a child that is killed in time.

    ``call`` must be a function of a module, its arguments and result plain values. Raises ParseError where the child was killed, crashed or
    broke, and whatever of ours ``call`` itself raised. Cancelling kills the child, so that none outlives the daemon's stop.
    """

    def __init__(self, *, above: int = ABOVE, seconds: float = SECONDS, at_once: int = AT_ONCE, held: int = HELD) -> None:
        self._above, self._seconds, self._most = above, seconds, held
        self._room = asyncio.Semaphore(at_once)
        self._threads = asyncio.Semaphore(THREADS)
        self._held = 0

    async def __call__(self, size: int, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of ``call``, which reads a body that weighs ``size`` bytes (``parse.weight``)."""
        if size <= self._above:
            try:
                async with self._threads:
                    return await in_a_thread(size, call, *args, **kwargs)
            except NoThread as error:
                raise ParseError(f"a body could not be read: {error.strerror}; it is tried again later") from error
        shown = f"a body that weighs {size / 1e6:.1f} MB"
        if self._held and self._held + size > self._most:
            raise ParseError(f"{shown} came while too many large ones were waiting to be read; it is tried again later")
        self._held += size
        try:
            async with self._room:
                status, answer = await self._ask_child(pickle.dumps((call, args, kwargs)))
        finally:
            self._held -= size
        if status is None:
            raise ParseError(f"{shown} took longer than {self._seconds:g} s to read and was given up")
        if status != 0 or not answer:
            raise ParseError(f"{shown} could not be read: the process that read it ended with {_ending(status)}")
        good, value = await asyncio.to_thread(pickle.loads, answer)
        if good:
            return value  # type: ignore[no-any-return]  # what the child's ``call`` returned
        if value is None:
            raise ParseError(f"{shown} takes more than {MEMORY // 2**20} MiB of memory to read")
        raise value if isinstance(value, AiwatchError) else ParseError(f"{shown} could not be read: {value}; please report it")

    async def _ask_child(self, question: bytes) -> tuple[int | None, bytes]:
        """Exit status (None: killed, its time was up) and what it wrote."""
        env = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        limits = (str(math.ceil(self._seconds)), str(MEMORY))
        try:
            child = await asyncio.create_subprocess_exec(
                *(sys.executable, "-c", _CHILD, *limits),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=env,
            )
        except OSError as error:
            said = f"this machine starts no process for us ({error.strerror})"
            raise ParseError(f"a large body could not be read: {said}; it is tried again later") from error
        try:
            async with asyncio.timeout(self._seconds):
                answer, _ = await child.communicate(question)
        except TimeoutError:
            return None, b""
        else:
            return await child.wait(), answer
        finally:
            if child.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await child.communicate()


def _ending(status: int) -> str:
    if status == -signal.SIGXCPU:
        return "its time used up"
    return f"signal {signal.Signals(-status).name}" if status < 0 else f"status {status}"


def main(seconds: int, memory: int) -> None:
    """The child: one call from standard input, one answer to standard output, nothing else there."""
    _limit(seconds, memory)
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a library that prints must not end up in the answer
    call, args, kwargs = pickle.load(sys.stdin.buffer)  # noqa: S301  from the daemon that started us
    with answers:
        answers.write(pickle.dumps(_outcome(call, args, kwargs)))


def _outcome(call: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[bool, Any]:
    try:
        return True, call(*args, **kwargs)
    except AiwatchError as error:
        return False, error
    except MemoryError:
        return False, None
    except Exception as error:  # told in words: the other side logs them with the source
        return False, f"{type(error).__name__}: {str(error)[:300]}"


def _limit(seconds: int, memory: int) -> None:
    """Bound this process; where the system forbids that, the daemon's own clock still does."""
    for what, bound in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0)):
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(what, (bound, bound))
    with contextlib.suppress(OSError):
        os.nice(5)
    with contextlib.suppress(OSError):  # where memory runs out, this process goes and not the daemon
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")
