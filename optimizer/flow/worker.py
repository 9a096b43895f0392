"""Long flows in a process of their own, which can be ended at any moment; the solver itself listens to nobody."""

from __future__ import annotations

import pickle
import select
import subprocess
import sys
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray

from optimizer.flow.mincost import FlowError, min_cost_flow
from optimizer.progress import Stop

Ints = NDArray[np.int64]
LONG = 100_000
"""Arcs from which on a flow may take longer than somebody who wants to stop would wait (about 0.1 s)."""
POLL = 0.02
"""Seconds between two looks at whether to stop."""


class StoppedError(RuntimeError):
    """The flow was given up, because the solve is to stop."""


class StoppableFlow:
    """`min_cost_flow` that raises `StoppedError` soon after `stop()` is true. Use it in a `with`.

    Short flows run here; for the first long one a process is started, which the next ones use again. The same
    solver, so the same flows.
    """

    def __init__(self, stop: Stop | None) -> None:
        self._stop = stop
        self._process: subprocess.Popen[bytes] | None = None

    def __call__(self, tail: Ints, head: Ints, capacity: Ints, cost: Ints, supply: Ints) -> Ints:
        if self._stop is None or len(tail) < LONG:
            return min_cost_flow(tail, head, capacity, cost, supply)
        if self._process is None:
            self._process = _started()
        asking, answering = self._process.stdin, self._process.stdout
        assert asking is not None
        assert answering is not None
        try:
            pickle.dump((tail, head, capacity, cost, supply), asking, pickle.HIGHEST_PROTOCOL)
            asking.flush()
            while not select.select([answering], [], [], POLL)[0]:
                if self._stop():
                    raise StoppedError
            answer = pickle.load(answering)  # noqa: S301 - written by `serve` below, over a pipe of our own
        except (EOFError, BrokenPipeError):
            raise FlowError("nothing: its process ended") from None
        if isinstance(answer, str):
            raise FlowError(answer)
        return np.asarray(answer, dtype=np.int64)

    def __enter__(self) -> StoppableFlow:
        return self

    def __exit__(self, *_: object) -> None:
        """Ends the process, if there is one."""
        if self._process is not None:
            self._process.kill()
            with suppress(BrokenPipeError):
                self._process.__exit__(None, None, None)
            self._process = None


def _started() -> subprocess.Popen[bytes]:
    """A process that answers flows; of a session of its own, so that Ctrl-C is left to who started it."""
    program = f"import sys; sys.path[:0] = {sys.path!r}; from optimizer.flow.worker import serve; serve()"
    return subprocess.Popen(  # noqa: S603 - this program, run by the same interpreter
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )


def serve() -> None:
    """Answers the flows asked for on standard input until it ends."""
    while True:
        try:
            asked = pickle.load(sys.stdin.buffer)  # noqa: S301 - written by `StoppableFlow`, over its own pipe
        except EOFError:
            return
        try:
            answer: Ints | str = min_cost_flow(*asked)
        except FlowError as error:
            answer = error.status
        pickle.dump(answer, sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
        sys.stdout.buffer.flush()
