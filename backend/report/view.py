"""What the report's page shows, worked out from a presentable night document; the template only lays it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from backend.report.figures import STAGES, figures_of
from backend.report.words import (
    UNLIMITED,
    Document,
    counted,
    listed,
    local,
    long_day,
    names_by_id,
    short_day,
    verdict,
)

LONGEST_TEXT = 1_500
DOUBTS = ("low confidence", "if needed")
SEVERITIES = ("error", "warning", "note")
EQUATIONS = (
    ("student_rows", "rows of the student sheet"),
    ("professional_rows", "rows of the professional sheet"),
    ("students", "students"),
    ("professionals", "professionals"),
)
GOOD = ("current", "matched", "partly matched", "offered")
CARE = ("unmatched", "rejected", "held", "nothing readable")


@dataclass(frozen=True)
class Meeting:
    """A line of the session table; `fit` is the level, `share` the same in percent of the best level."""

    time: str
    until: str
    student: str
    professional: str
    reference: str
    kept: bool
    doubt: str
    fit: int
    share: int
    parts: tuple[Mapping[str, Any], ...]
    shared: str
    weekday: int
    start: int
    minutes: int


@dataclass(frozen=True)
class Day:
    """The sessions of one local date."""

    date: date
    label: str
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True)
class Load:
    """A professional's reviews; widths are percent of the largest number in the table."""

    name: str
    industries: str
    sessions: int
    kept: int
    capacity: str
    limited: bool
    new_width: float
    kept_width: float
    capacity_width: float


@dataclass(frozen=True)
class Reading:
    """A text to confirm, cut into pieces; True marks what was not understood."""

    name: str
    place: str
    status: str
    confidence: str
    pieces: tuple[tuple[str, bool], ...]
    why: str
    echo: str
    use: str
    assumptions: tuple[str, ...]


@dataclass(frozen=True)
class Part:
    """One term of a conservation equation."""

    name: str
    number: int
    width: float
    kind: str


def days(document: Document) -> tuple[Day, ...]:
    """New and kept sessions by local date, in order of time and name."""
    zone = document["run"]["zone"]
    levels = document["quality_levels"]
    entries = [(local(entry["start"], zone), entry, False) for entry in document["sessions"]]
    entries += [(local(entry["start"], zone), entry, True) for entry in document["kept"]]
    entries.sort(key=lambda item: (item[0], item[1]["professional_name"], item[1]["student_name"], item[1]["student"]))
    return tuple(
        Day(day, long_day(day), tuple(_meeting(entry, kept, zone, levels) for _, entry, kept in group))
        for day, group in groupby(entries, key=lambda item: item[0].date())
    )


def _meeting(entry: Mapping[str, Any], kept: bool, zone: str, levels: int) -> Meeting:
    start, end = local(entry["start"], zone), local(entry["end"], zone)
    quality = entry.get("quality", 0)
    certainty = entry.get("certainty", "certain")
    return Meeting(
        time=f"{start:%H:%M}",
        until=f"{end:%H:%M}",
        student=entry["student_name"],
        professional=entry["professional_name"],
        reference=entry.get("reference", ""),
        kept=kept,
        doubt=certainty if certainty in DOUBTS else "",
        fit=quality,
        share=round(100 * quality / levels),
        parts=tuple(entry.get("parts", ())),
        shared=duration(entry.get("shared_minutes", 0)),
        weekday=start.weekday(),
        start=start.hour * 60 + start.minute,
        minutes=(end - start) // timedelta(minutes=1),
    )


def duration(minutes: int) -> str:
    """4 h 30 min."""
    hours, rest = divmod(minutes, 60)
    return " ".join(part for part in (f"{hours:,} h" if hours else "", f"{rest} min" if rest else "") if part) or "0"


def unmatched(document: Document, advice: Mapping[str, str] | None = None) -> list[dict[str, Any]]:
    """The unmatched by stage and by reason; students of one reason together, the longest waiting first.

    `advice`: what would help, by student; what helps all of one reason alike is said once, as the reason's `helps`.
    """
    advice = advice or {}
    names = names_by_id(document)
    served = {meeting["student"] for meeting in (*document["sessions"], *document["kept"])}
    stages = {entry["stage"] for entry in document["unmatched"]}
    groups: list[dict[str, Any]] = []
    for stage in (*(known for known in STAGES if known in stages), *sorted(stages - set(STAGES))):
        reasons: dict[tuple[str, ...], list[Mapping[str, Any]]] = {}
        for entry in document["unmatched"]:
            if entry["stage"] == stage:
                reasons.setdefault((entry["sentence"], *entry["rivals"]), []).append(entry)
        shown = [
            _reason(sentence, listed([names[person] for person in rivals if person in served]), group, advice)
            for (sentence, *rivals), group in reasons.items()
        ]
        groups.append({"stage": stage, "reasons": shown, "count": sum(len(reason["entries"]) for reason in shown)})
    return groups


def _reason(sentence: str, winners: str, group: list[Mapping[str, Any]], advice: Mapping[str, str]) -> dict[str, Any]:
    people = sorted(group, key=lambda entry: (-entry["waiting_days"], entry["name"], entry["student"]))
    helps = {advice.get(entry["student"], "") for entry in people}
    shared = helps.pop() if len(helps) == 1 and len(people) > 1 else ""
    entries = [{**entry, "helps": "" if shared else advice.get(entry["student"], "")} for entry in people]
    return {"sentence": sentence, "winners": winners, "helps": shared, "entries": entries}


def changes(document: Document) -> list[dict[str, str]]:
    """Sessions of earlier nights that were moved or cancelled since, in words."""
    zone = document["run"]["zone"]
    return [
        {
            "kind": one["kind"],
            "student": one["student_name"],
            "professional": one["professional_name"],
            "when": _moment(one["start"], zone),
            "was": _moment(one["was"], zone) if one["was"] else "",
        }
        for one in document["changes"]
    ]


def _moment(instant: str, zone: str) -> str:
    at = local(instant, zone)
    return f"{short_day(at.date())}, {at:%H:%M}"


def loads(document: Document) -> list[Load]:
    """Professionals, the busiest first."""
    entries = sorted(
        document["loads"], key=lambda load: (-load["sessions"] - load["kept"], load["name"], load["professional"])
    )
    limits = [load["capacity"] for load in entries if load["capacity"] < UNLIMITED]
    widest = max([1, *limits, *(load["sessions"] + load["kept"] for load in entries)])
    return [
        Load(
            name=load["name"],
            industries=", ".join(load["industries"]),
            sessions=load["sessions"],
            kept=load["kept"],
            capacity=f"{load['capacity']:,}" if load["capacity"] < UNLIMITED else "no limit",
            limited=load["capacity"] < UNLIMITED,
            new_width=_percent(load["sessions"], widest),
            kept_width=_percent(load["kept"], widest),
            capacity_width=_percent(min(load["capacity"], widest), widest),
        )
        for load in entries
    ]


def readings(document: Document) -> list[Reading]:
    """The readings somebody has to confirm."""
    return [
        Reading(
            name=entry["name"],
            place=f"{entry['sheet']}, row {entry['row']}, {entry['column']}",
            status=entry["status"],
            confidence=f"{100 * entry['confidence']:.0f} %",
            pieces=tuple(pieces(entry["text"], entry["unparsed"])),
            why=entry["why"],
            echo=entry["echo"],
            use=entry["use"],
            assumptions=tuple(assumption["sentence"] for assumption in entry["assumptions"]),
        )
        for entry in document["to_confirm"]
    ]


def pieces(text: str, spans: Iterable[Mapping[str, Any]]) -> list[tuple[str, bool]]:
    """The text cut at the spans (offsets in characters), True inside one; overlapping spans are joined."""
    shown = text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"
    cuts: list[tuple[str, bool]] = []
    at = 0
    for span in sorted(spans, key=lambda span: (span["start"], span["end"])):
        start, end = max(at, span["start"]), min(len(shown), span["end"])
        if start < end:
            cuts += [(shown[at:start], False), (shown[start:end], True)]
            at = end
    return [cut for cut in (*cuts, (shown[at:], False)) if cut[0]]


def equations(document: Document) -> list[dict[str, Any]]:
    """The four conservation equations with the widths of a bar; `holds` says that the parts add up."""
    shown = []
    for key, label in EQUATIONS:
        count = document["counts"][key]
        parts = tuple(
            Part(name, number, _percent(number, count["total"]), _kind(name)) for name, number in count["parts"].items()
        )
        holds = sum(part.number for part in parts) == count["total"]
        shown.append({"label": label, "total": count["total"], "parts": parts, "holds": holds})
    return shown


def _kind(name: str) -> str:
    return "good" if name in GOOD else "care" if name in CARE else "rest"


def others(document: Document) -> list[dict[str, Any]]:
    """Current people outside tonight's match by what became of them."""
    entries = sorted(
        document["others"], key=lambda entry: (entry["outcome"], entry["kind"], entry["name"], entry["person"])
    )
    return [
        {"outcome": outcome, "entries": list(group)} for outcome, group in groupby(entries, lambda one: one["outcome"])
    ]


def issues(document: Document) -> dict[str, list[dict[str, Any]]]:
    """Issues by severity, in the order of the sheets."""
    return {
        severity: [issue for issue in document["issues"] if issue["severity"] == severity] for severity in SEVERITIES
    }


def tiles(document: Document) -> list[dict[str, str]]:
    """The headline numbers."""
    students = document["counts"]["students"]["parts"]
    told = figures_of(document)
    matched = told.served - students["already booked"]
    sessions, kept = told.sessions, len(document["kept"])
    busy = sum(load["sessions"] + load["kept"] > 0 for load in document["loads"])
    lost = told.unmatched
    most = max(told.left, key=lambda stage: stage[1], default=None)
    return [
        {
            "number": f"{matched:,}",
            "of": f"of {matched + students['unmatched']:,}",
            "label": "students matched tonight",
            "note": f"{students['already booked']:,} more already booked" if students["already booked"] else "",
        },
        {
            "number": f"{lost:,}",
            "of": "",
            "label": counted(lost, "student", "students").split()[1] + " unmatched",
            "note": f"mostly {most[0]} ({most[1]:,})" if most else "nobody was left out",
        },
        {
            "number": f"{sessions:,}",
            "of": f"+ {kept:,} kept" if kept else "",
            "label": "new session" if sessions == 1 else "new sessions",
            "note": _span(document),
        },
        {
            "number": f"{busy:,}",
            "of": f"of {len(document['loads']):,}",
            "label": "professionals with somebody",
            "note": "",
        },
    ]


def _span(document: Document) -> str:
    zone = document["run"]["zone"]
    starts = sorted(local(entry["start"], zone) for entry in document["sessions"])
    if not starts:
        return ""
    first, last = short_day(starts[0].date()), short_day(starts[-1].date())
    return first if first == last else f"{first} to {last}"


def facts(document: Document) -> list[tuple[str, str]]:
    """What a colleague needs to run this very night again."""
    run = document["run"]
    horizon = _horizon(run["horizon_first"], run["horizon_days"])
    as_of = local(run["as_of"], run["zone"])
    return [
        ("Run", run["id"]),
        ("As of", f"{short_day(as_of.date())} {as_of.year}, {as_of:%H:%M}"),
        ("Times in", run["zone"]),
        ("Sessions planned for", horizon),
        ("Length of a session", f"{run['session_minutes']} min"),
        ("Engine, seed", f"{run['engine']}, {run['seed']}"),
        ("Fingerprint of the inputs", run["inputs_hash"]),
        ("Fingerprint of the proof", document["certificate"]["witness_sha256"]),
    ]


def _horizon(first_day: str, length: int) -> str:
    if not first_day:
        return "no days"
    first = date.fromisoformat(first_day)
    last = first + timedelta(days=length - 1)
    return f"{short_day(first)} to {short_day(last)} {last.year}"


def headline(document: Document) -> tuple[str, str, str]:
    """`verdict` with the kind that colours it: good, care or bad."""
    title, text = verdict(document)
    certificate = document["certificate"]
    kind = "bad" if certificate["checker"] != "accepted" else "good" if certificate["proven"] else "care"
    return kind, title, text


def _percent(number: int, whole: int) -> float:
    return round(100 * number / whole, 2) if whole else 0.0
