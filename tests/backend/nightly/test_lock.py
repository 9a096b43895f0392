"""Two runs never work on one state folder."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from backend.nightly.exits import Exit, Stop
from backend.nightly.lock import only_run

HOLD = """
import sys, pathlib
from backend.nightly.lock import only_run
with only_run(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_process_is_refused_and_a_crash_frees_the_lock(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Stop) as caught, only_run(tmp_path):
        pass
    assert caught.value.code is Exit.LOCK_HELD
    holder.kill()
    holder.wait()
    holder.stdin.close()
    holder.stdout.close()
    with only_run(tmp_path):
        assert (tmp_path / "run.lock").exists()


def test_the_state_folder_is_private(tmp_path: Path) -> None:
    with only_run(tmp_path / "var"):
        assert (tmp_path / "var").stat().st_mode & 0o077 == 0
