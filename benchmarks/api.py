"""How long the API takes to answer: `python -m benchmarks.api --students 1000 --professionals 300`.

The sample data's answers, repeated under other names, go through a whole night into a record of their own (SQLite in a
temporary folder); then staff ask through the bot's key, all layers of the server included but the socket.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from backend.nightly.night import Night, think
from backend.nightly.pull import pull
from backend.nightly.record import RecordState
from backend.record.setup import ready
from backend.settings import Settings, from_mapping

ROOT = Path(__file__).resolve().parents[1]
AS_OF = datetime(2026, 11, 23, 3, tzinfo=UTC)
STAFF_ROLE, MEMBER = "111111111111111111", "222222222222222222"
SETTINGS: Settings = from_mapping({"program": {"key": "bench"}, "discord": {"coordinator_roles": [STAFF_ROLE]}})


def main() -> None:
    """Prints milliseconds: the first question, which thinks the night through, and the median and worst of the rest."""
    asked = _arguments()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        night = _night(folder, asked.students, asked.professionals)
        ready(folder / "var", matching=SETTINGS)
        figures = _asked(night, asked.questions)
    print(json.dumps(figures, indent=2))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=__doc__)
    parser.add_argument("--students", type=int, default=1000)
    parser.add_argument("--professionals", type=int, default=300)
    parser.add_argument("--questions", type=int, default=100)
    return parser.parse_args()


def _night(folder: Path, students: int, professionals: int) -> Night:
    for kind, count in (("students", students), ("professionals", professionals)):
        with open(folder / f"{kind}.csv", "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(_repeated(ROOT / "sample_data" / f"{kind}.csv", count))
    sheets = pull(SETTINGS, str(folder / "students.csv"), str(folder / "professionals.csv"))
    return think(SETTINGS, sheets, RecordState(), AS_OF, lambda _line: None, approved=True)


def _repeated(sample: Path, count: int) -> Iterator[list[str]]:
    """The header, then `count` rows, everybody with an address of their own and no Discord id."""
    with open(sample, newline="", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))
    yield header
    email = header.index("Email Address")
    discord = [place for place, title in enumerate(header) if title.startswith("Discord")]
    for number in range(count):
        row = list(rows[number % len(rows)])
        row[email] = f"person{number}@example.org"
        for place in discord:
            row[place] = ""
        yield row


def _asked(night: Night, questions: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    from backend.record.models import Run

    ids, token = _record(night)
    settings.API_RATES = dict.fromkeys(settings.API_RATES, "1000000/minute")
    headers = {"Authorization": f"Bearer {token}", "X-Discord-Member": MEMBER, "X-Discord-Roles": STAFF_ROLE}
    client = Client(SERVER_NAME="localhost", headers=headers)
    figures: dict[str, Any] = {
        "students": len(night.problem.students),
        "professionals": len(night.problem.professionals),
        "stored_kb": sum(len(bytes(part or b"")) for part in Run.objects.values_list("problem", "plan", "witness")[0])
        // 1024,
    }
    for name, path in (("suggestions", "suggestions/?student="), ("explanations", "explanations/?person=")):
        taken = []
        for student in night.problem.students[:questions]:
            start = time.perf_counter()
            answer = client.get(f"/api/{path}{ids[student]}")
            taken.append(1000 * (time.perf_counter() - start))
            if answer.status_code != 200:
                raise SystemExit(answer.content.decode())
        rest = sorted(taken[1:])
        figures[name] = {
            "first_ms": round(taken[0]),
            "median_ms": round(rest[len(rest) // 2]),
            "worst_ms": round(rest[-1]),
        }
    return figures


def _record(night: Night) -> tuple[dict[str, str], str]:
    """Everybody of the night with their pseudonym, the run, a bot's key."""
    from backend.record.actor import CONSOLE
    from backend.record.api.site import own_program
    from backend.record.models import Membership, Person, Pseudonym, Run
    from backend.record.models.states import Role, RunState, Scope
    from backend.record.services.keys import create_key
    from backend.record.services.nights import keep_night

    program = own_program()
    ids = {}
    for role, named in ((Role.STUDENT, night.students), (Role.PROFESSIONAL, night.professionals)):
        for code, one in named.items():
            person = Person.objects.create(name=one.name, email=f"{code}@example.org")
            Membership.objects.create(program=program, person=person, role=role)
            Pseudonym.objects.create(program=program, code=code, role=role, person=person)
            ids[code] = person.public_id
    run = Run(key=night.run, program=program, night=night.key, as_of=night.as_of, state=RunState.BOOKED)
    run.inputs_hash, run.started_at = night.inputs_hash, night.as_of
    keep_night(run, night)
    run.save()
    return ids, create_key(Scope.BOT, CONSOLE, AS_OF, program=program)[1]


if __name__ == "__main__":
    main()
