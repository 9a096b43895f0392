"""One run at a time: a lock held by the operating system, so a crashed run never blocks the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from backend.nightly.exits import Exit, Stop


@contextmanager
def only_run(state_dir: Path) -> Iterator[None]:
    """Hold the state folder. Raises `Stop(LOCK_HELD)` at once when another run holds it."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state_dir / "run.lock"
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout:
        raise Stop(Exit.LOCK_HELD, f"another run is working (it holds {path}); wait for it or stop it") from None
