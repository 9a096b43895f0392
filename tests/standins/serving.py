"""`run_matching.py serve` as a process of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def get(url: str, **headers: str) -> tuple[int, bytes]:
    """Status and body."""
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


@contextmanager
def served(folder: Path, **secrets: str) -> Iterator[str]:
    """The address of a server whose record lies under `folder`; what it says is in `folder / "log"`."""
    base = f"http://127.0.0.1:{(port := free_port())}"
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "SECRET_KEY")}
    command = [sys.executable, str(ROOT / "run_matching.py"), "serve", "--port", str(port)]
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(command, cwd=folder, env={**kept, **secrets}, stdout=log, stderr=log)
    try:
        _wait_for(base, process, folder)
        yield base
        process.send_signal(signal.SIGINT)
        assert process.wait(PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.wait()


def _wait_for(base: str, process: subprocess.Popen[bytes], folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if get(f"{base}/readyz")[0] == 200:
                return
        except OSError:
            time.sleep(0.05)
    raise AssertionError((folder / "log").read_text())
