"""One run at a time: a lock held by the operating system, so a crashed run never blocks the next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from backend.nightly.exits import Exit, Stop


@contextmanager
def only_run(state_dir: Path, job: str = "run") -> Iterator[None]:
    """Hold the state folder for one job. Raises `Stop(LOCK_HELD)` at once when another process is at that job."""
    state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = state_dir / f"{job}.lock"
    try:
        with FileLock(path, timeout=0):
            yield
    except Timeout:
        raise Stop(Exit.LOCK_HELD, f"another {job} is working (it holds {path}); wait for it or stop it") from None
