"""A builder of night documents (format matching-night/1), as large and as hostile as a test wants."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

FIRST = ("Ana", "Ben", "Chidi", "Dana", "Emeka", "Fatima", "Grace", "Hiro", "Ines", "Jamal", "Kirsten", "Luis", "Mei")
LAST = ("Gomez", "Okafor", "Nguyen", "Schmidt", "Haddad", "O'Brien", "Silva", "Tanaka", "Kowalski", "Brown", "Rossi")
INDUSTRIES = ("Technology/Software", "Finance/Banking", "Healthcare", "Consulting", "Education", "Non-Profit")
ZONE = ZoneInfo("America/New_York")
DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
HOURS = list(range(7, 22))
TIERS = (
    ("coverage and seniority", "As many students as possible have a session, the longest waiting first."),
    ("certain before doubtful", "As few sessions as possible rest on doubtful or if-needed times."),
    ("volunteers", "As many professionals as possible have somebody to meet."),
    ("quality", "Fit is shared proportionally: lifting a low fit counts more than raising a high one."),
    ("load balance", "Sessions are spread evenly, measured against what each professional offered."),
    ("earliness", "Sessions take place as early as the rest allows."),
    ("tie-break", "Remaining ties are broken by the seed."),
)


def make_document(*, students: int = 58, professionals: int = 17, unmatched: int = 13, seed: int = 1) -> dict[str, Any]:
    """A realistic night: `students` current students of whom `unmatched` found nothing and 3 were not in the match."""
    draw = random.Random(seed)
    people = {f"s-{k:03}": f"{draw.choice(FIRST)} {draw.choice(LAST)}" for k in range(students)}
    hosts = {f"p-{k:03}": f"{draw.choice(FIRST)} {draw.choice(LAST)}" for k in range(professionals)}
    ids = sorted(people)
    others, lost, matched = ids[:3], ids[3 : 3 + unmatched], ids[3 + unmatched :]
    sessions = _sessions(draw, people, hosts, matched)
    rows = {"blank": 1, "duplicate": 2, "superseded": 3, "rejected": 1, "held": 1}
    pro_rows = {"blank": 0, "duplicate": 1, "superseded": 1, "rejected": 0, "held": 0}
    outcomes = {"matched": len(matched), "partly matched": 0, "unmatched": len(lost), "already booked": 0}
    outcomes |= {"served": 0, "paused": 1, "expired": 2}
    offers = {"offered": professionals, "full": 0, "paused": 0, "expired": 1, "nothing readable": 1, "e-mail only": 1}
    return {
        "format": "matching-night/1",
        "run": _run(),
        "counts": {
            "student_rows": _count(rows | {"current": students}),
            "professional_rows": _count(pro_rows | {"current": professionals + 3}),
            "students": _count(outcomes),
            "professionals": _count(offers),
        },
        "sessions": sessions,
        "kept": [],
        "unmatched": [_unmatched(k, person, people, hosts, lost) for k, person in enumerate(lost)],
        "others": _others(others, people),
        "loads": _loads(hosts, sessions),
        "certificate": _certificate(),
        "policy": [sentence for _, sentence in TIERS],
        "quality_levels": 20,
        "issues": _issues(),
        "to_confirm": _to_confirm(people, lost),
        "heat": _heat(draw),
        "diff": {"new": len(matched), "moved": 0, "cancelled": 0, "kept": 0, "unmatched": len(lost)},
        "changes": [],
    }


def make_empty_document() -> dict[str, Any]:
    """A night on which nobody answered."""
    document = make_document(students=3, professionals=0, unmatched=0)
    document["counts"] = {name: _count(dict.fromkeys(count["parts"], 0)) for name, count in document["counts"].items()}
    document["heat"] |= {"demand": [[0.0] * len(HOURS)] * 7, "supply": [[0.0] * len(HOURS)] * 7}
    return document | {"sessions": [], "others": [], "loads": [], "issues": [], "to_confirm": [], "policy": []}


def make_advice(document: dict[str, Any]) -> dict[str, Any]:
    """Advice of which some is said of one student alone and some of all of one reason alike."""
    told = {
        entry["student"]: "Ask for more times."
        if entry["stage"] != "lost the competition"
        else f"Free on Tue 24 Nov {8 + k}:00-{9 + k}:00 as well: with Ana Gomez; nobody moves."
        for k, entry in enumerate(document["unmatched"])
    }
    return {"asks": ["Best thing to ask for: Ana Gomez, a time, Tue 24 Nov 09:00-09:30."], "students": told}


def instant(day: int, hour: int, minute: int = 0) -> str:
    """The instant of a local time on a day of the horizon (0 = 24 November 2026), as the document writes it."""
    when = datetime(2026, 11, 24, hour, minute, tzinfo=ZONE) + timedelta(days=day)
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _count(parts: dict[str, int]) -> dict[str, Any]:
    return {"total": sum(parts.values()), "parts": parts}


def _run() -> dict[str, Any]:
    return {
        "id": "r-5f2c81d09a7e",
        "program": "resume-review",
        "program_name": "Resume Review Program",
        "night": "2026-11-22",
        "as_of": "2026-11-22T22:00:00Z",
        "zone": "America/New_York",
        "seed": 0,
        "engine": "flow",
        "inputs_hash": "9b1d6f0c2f7a4e55" * 4,
        "session_minutes": 30,
        "horizon_first": "2026-11-24",
        "horizon_days": 28,
    }


def _sessions(
    draw: random.Random, people: dict[str, str], hosts: dict[str, str], matched: list[str]
) -> list[dict[str, Any]]:
    places = [
        (day, hour, half, host) for day in range(12) for hour in range(9, 20) for half in (0, 30) for host in hosts
    ]
    places = [place for place in places if (place[0] + 1) % 7 < 5 or place[1] > 16]
    weights = [1 / (1 + place[0]) for place in places]
    chosen: set[tuple[int, int, int, str]] = set()
    while len(chosen) < len(matched):
        chosen.add(draw.choices(places, weights)[0])
    sessions = []
    for student, (day, hour, half, host) in zip(matched, sorted(chosen), strict=True):
        points = [draw.randrange(30, 101) for _ in range(3)]
        certainty = draw.choices(("certain", "if needed", "low confidence"), (20, 2, 1))[0]
        sessions.append(
            {
                "key": f"{student}:{host}:{day}",
                "reference": f"#K{draw.randrange(16**5):05X}",
                "student": student,
                "student_name": people[student],
                "professional": host,
                "professional_name": hosts[host],
                "start": instant(day, hour, half),
                "end": instant(day, hour + half // 30, 30 - half),
                "minutes": 30,
                "certainty": certainty,
                "quality": max(1, sum(points) // 15),
                "parts": [
                    {"name": name, "points": point, "weight": weight}
                    for name, point, weight in zip(
                        ("shared time", "field", "experience"), points, (3, 2, 1), strict=True
                    )
                ],
                "shared_minutes": draw.randrange(1, 30) * 30,
            }
        )
    return sessions


def _unmatched(k: int, person: str, people: dict[str, str], hosts: dict[str, str], lost: list[str]) -> dict[str, Any]:
    hosting = sorted(hosts)[:2]
    told = (
        ("lost the competition", "5 students share 3 places of two professionals; the others have waited longer."),
        ("no common time", "Nobody who reviews Healthcare is free when they are (Sat 07:00-09:00)."),
        ("no usable answer", "Their availability could not be read: “whenever works lol”."),
        ("nobody eligible", "No professional reviews Government and meets by phone."),
    )
    stage, sentence = told[(0, 0, 0, 1, 0, 1, 2, 3)[k % 8]]
    competing = stage == "lost the competition"
    return {
        "student": person,
        "name": people[person],
        "stage": stage,
        "sentence": sentence,
        "waiting_days": k % 6,
        "rivals": lost[:5] if competing else [],
        "hosts": hosting if competing else [],
        "places": 3 if competing else 0,
    }


def _others(ids: list[str], people: dict[str, str]) -> list[dict[str, Any]]:
    outcomes = ("paused", "expired", "expired")
    entries = [
        {
            "person": person,
            "name": people[person],
            "kind": "student",
            "outcome": outcome,
            "reason": "the answer is older than 28 days" if outcome == "expired" else "paused until 1 December",
            "sheet": "students",
            "row": row,
        }
        for person, outcome, row in zip(ids, outcomes, (12, 30, 31), strict=True)
    ]
    hosts = (
        ("p-900", "Olga Brandt", "expired"),
        ("p-901", "Sam Lee", "nothing readable"),
        ("p-902", "Zoe", "e-mail only"),
    )
    return entries + [
        {
            "person": person,
            "name": name,
            "kind": "professional",
            "outcome": out,
            "reason": "",
            "sheet": "professionals",
            "row": k + 5,
        }
        for k, (person, name, out) in enumerate(hosts)
    ]


def _loads(hosts: dict[str, str], sessions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "professional": host,
            "name": name,
            "sessions": sum(session["professional"] == host for session in sessions),
            "kept": 0,
            "capacity": 4 + 2 * (k % 4),
            "industries": list(INDUSTRIES[k % 6 : k % 6 + 2]),
        }
        for k, (host, name) in enumerate(hosts.items())
    ]


def _certificate() -> dict[str, Any]:
    values = (-48_120_334, 3, -16, 71_204, 1_311, 8_822, 918_273_645_546_372)
    tiers = [
        {
            "name": name,
            "value": value,
            "bound": value,
            "gap": 0,
            "status": "proven",
            "left_choice": k < 5,
            "sentence": said,
        }
        for k, ((name, said), value) in enumerate(zip(TIERS, values, strict=True))
    ]
    return {"proven": True, "checker": "accepted", "reasons": [], "witness_sha256": "c0ffee" * 10, "tiers": tiers}


def _issues() -> list[dict[str, Any]]:
    told = (
        ("students", 12, "Time Zone", "Marz", "no such time zone", "Use a name such as America/Chicago", "error"),
        ("students", 19, "Availability", "whenever works lol", "no time in it", "Ask for days and times", "error"),
        ("students", 27, "Email Address", "dana.gmail.com", "not an e-mail address", "Correct the cell", "error"),
        ("students", 33, "Time Zone", "", "no zone given; the program's is assumed", "Nothing to do", "note"),
        ("professionals", 4, "Maximum Reviews Per Week", "a few", "no number in it", "2 a week is used", "warning"),
        ("professionals", 9, "Availability End Date", "2026-11-01", "the dates are over", "Ask to renew", "warning"),
        ("students", 41, "Resume Link", "=HYPERLINK(A1)", "a formula, not a link", "Paste the link itself", "warning"),
    )
    names = ("sheet", "row", "column", "text", "reason", "fix", "severity")
    return [dict(zip(names, values, strict=True)) for values in told]


def _to_confirm(people: dict[str, str], lost: list[str]) -> list[dict[str, Any]]:
    text = "Mon & Wed 2-4pm, not during my lab thing, Thu 7-9"
    start = text.index("not during")
    span = {"start": start, "end": start + 23, "text": text[start : start + 23]}
    return [
        {
            "person": person,
            "name": people[person],
            "sheet": "students",
            "row": 20 + k,
            "column": "Availability",
            "why": "a part of it was not understood",
            "use": "gives the windows",
            "text": text,
            "echo": "Mon, Wed 14:00-16:00; Thu 19:00-21:00 (New York)",
            "status": "partial",
            "confidence": 0.6,
            "unparsed": [span],
            "assumptions": [{"code": "ampm", "sentence": "read “7-9” as evening"}],
        }
        for k, person in enumerate(lost[:3])
    ]


def _heat(draw: random.Random) -> dict[str, Any]:
    def bump(hour: int, top: int, width: float) -> float:
        return max(0.0, 1 - abs(hour - top) / width)

    demand = [
        [
            round((14 if day < 5 else 6) * max(bump(h, 18, 5), 0.6 * bump(h, 12, 4)) * draw.uniform(0.7, 1), 1)
            for h in HOURS
        ]
        for day in range(7)
    ]
    supply = [
        [round((5 if day < 5 else 0.6) * bump(h, 13, 6) * draw.uniform(0.6, 1), 1) for h in HOURS] for day in range(7)
    ]
    return {"zone": "America/New_York", "days": DAYS, "hours": HOURS, "demand": demand, "supply": supply}
