"""How a reading is compared with its label: minutes written out over the 28 days from 2026-11-23."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from ingest.availability import Horizon, Reading, read
from optimizer.domain.time import zone_info

REFERENCE = date(2026, 11, 22)
HORIZON = Horizon(date(2026, 11, 23), 28)
ZONE = "America/New_York"
HERE = Path(__file__).parent
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EPOCH = datetime(2026, 1, 1, tzinfo=UTC)


def cases(name: str) -> list[dict[str, Any]]:
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def read_here(text: str, zone: str = ZONE) -> Reading:
    return read(text, reference=REFERENCE, zone=zone, horizon=HORIZON)


@cache
def _instant(day: date, clock: str, zone: str) -> int:
    minutes = int(clock[:2]) * 60 + int(clock[3:])
    day += timedelta(days=minutes // 1440)
    local = datetime(day.year, day.month, day.day, minutes % 1440 // 60, minutes % 60, tzinfo=zone_info(zone))
    return int((local - _EPOCH).total_seconds() // 60)


def minutes_of(record: dict[str, Any]) -> frozenset[int]:
    """Every minute a record offers, counted from an epoch, with weekly rows written out over the horizon."""
    spans: list[tuple[date, str, str]] = [(date.fromisoformat(d), a, b) for d, a, b in record["dated"]]
    start = date.fromisoformat(record["valid_from"]) if record["valid_from"] else HORIZON.first
    end = date.fromisoformat(record["valid_until"]) if record["valid_until"] else HORIZON.last
    days = {row[0] for row in record["weekly"]}
    anchor = None
    for day in HORIZON.dates():
        name = _DAYS[day.weekday()]
        if name not in days or not start <= day <= end:
            continue
        monday = day - timedelta(days=day.weekday())
        anchor = anchor or monday
        if (monday - anchor).days // 7 % record["every_n_weeks"] == 0:
            spans += [(day, a, b) for key, a, b in record["weekly"] if key == name]
    zone = record["tz"]
    return frozenset(m for day, a, b in spans for m in range(_instant(day, a, zone), _instant(day, b, zone)))


def reported(label: str, spans: list[str]) -> bool:
    """Do the reported spans cover at least half of the letters of what had to be reported?"""
    said = " ".join(spans).lower()
    words = "".join(c if c.isalnum() else " " for c in label.lower()).split()
    if not words:
        return bool(spans)
    return sum(len(w) for w in words if w in said) >= 0.5 * sum(map(len, words))


@dataclass(frozen=True)
class Scored:
    text: str
    tags: tuple[str, ...]
    exact: bool
    right: int
    offered: int
    wanted: int
    status: str
    want_status: str
    reports: bool
    confidence: float
    codes: tuple[str, ...]

    @property
    def silent(self) -> bool:
        return self.want_status in ("partial", "unparseable") and self.status == "ok"

    @property
    def invented(self) -> bool:
        return self.offered > self.right


def score(case: dict[str, Any]) -> Scored:
    reading = read_here(case["text"], case["tz"])
    record = reading.as_record()
    got, want = minutes_of(record), minutes_of(case["expect"])
    spans = [span.text for span in reading.unparsed]
    return Scored(
        case["text"],
        tuple(case["tags"]),
        got == want,
        len(got & want),
        len(got),
        len(want),
        reading.status,
        case["status"],
        all(reported(label, spans) for label in case["unparsed"]),
        reading.confidence,
        tuple(a.code for a in reading.assumptions),
    )


def micro_f1(rows: list[Scored]) -> float:
    right, both = sum(r.right for r in rows), sum(r.offered + r.wanted for r in rows)
    return 2 * right / both if both else 1.0
