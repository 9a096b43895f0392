"""Each curl example of docs/api.md works as it stands."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connections

from backend.record.django_settings import configuration, database_of
from backend.record.setup import configure, ready
from tests.backend.record.api.callers import COORDINATORS, MATCHING, STRANGER, World, populate, soon
from tests.backend.record.api.planned import people_of, sample_night, stored_run
from tests.standins.databases import SECRET
from tests.standins.serving import ROOT, served

BLOCKS = re.findall(r"```sh\n(curl.*?|TAG.*?)```", (ROOT / "docs" / "api.md").read_text(), re.DOTALL)
SETTINGS = f"""
[program]
key = "demo"
[discord]
coordinator_roles = ["{COORDINATORS}"]
"""


def token(world: World, who: str) -> str:
    return world.as_[who].headers["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    folder = tmp_path_factory.mktemp("documented")
    (folder / "matching.toml").write_text(SETTINGS)
    ready(folder / "var", matching=MATCHING)
    configure(configuration(database_of(folder / "var", None), SECRET, matching=MATCHING))
    world, night = populate(), sample_night()
    stored_run(night, world.program)
    people = people_of(night, world.program)
    given = {
        "READ_KEY": token(world, "read"),
        "WRITE_KEY": token(world, "write"),
        "BOT_KEY": token(world, "bot"),
        "SELF_KEY": token(world, "ana"),
        "STUDENT": world.ben.public_id,
        "PROFESSIONAL": world.quinn.public_id,
        "SESSION": world.session.public_id,
        "ASKED": people[night.plan.sessions[0].student].public_id,
        "MEMBER": STRANGER,
        "STAFF_ROLE": COORDINATORS,
        "FREE_START": soon(100).isoformat(),
        "OTHER_START": soon(120).isoformat(),
    }
    connections.close_all()
    with served(folder) as base:
        yield {**given, "BASE": base, "PATH": os.environ["PATH"]}


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed: apt-get install curl")
@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_the_example_is_answered(environment: dict[str, str], number: int) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", BLOCKS[number]], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 6
    assert Path(ROOT / "docs" / "google-forms.md").exists()
