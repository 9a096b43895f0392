"""The guards as SQLite triggers.

Instants are compared by `julianday`, not as text: rows written by other programs may say `T` or an offset.
"""

from __future__ import annotations

TABLES = {
    "record_scheduledsession",
    "record_attendance",
    "record_rating",
    "record_sessionconfirmation",
    "record_reviewrequest",
}
_DAY_MS = 86_400_000
_SHORTEST_MS, _LONGEST_MS = 10 * 60_000, 240 * 60_000
_MS = f"CAST(round((julianday(NEW.ends_at) - julianday(NEW.starts_at)) * {_DAY_MS}) AS INTEGER)"
_TIMES = f"""
    SELECT RAISE(ABORT, 'times are not instants') WHERE {_MS} IS NULL;
    SELECT RAISE(ABORT, 'ends before it starts') WHERE {_MS} <= 0;
    SELECT RAISE(ABORT, 'length is not 10 to 240 minutes') WHERE {_MS} NOT BETWEEN {_SHORTEST_MS} AND {_LONGEST_MS};
"""
_OVERLAP = """
    SELECT RAISE(ABORT, 'attendance overlaps') WHERE EXISTS (
        SELECT 1 FROM record_attendance AS other
        WHERE other.person_id = NEW.person_id AND other.active {but_itself}
          AND julianday(other.starts_at) < julianday(NEW.ends_at)
          AND julianday(NEW.starts_at) < julianday(other.ends_at));
"""
_SEATS = """
    INSERT INTO record_attendance (session_id, person_id, starts_at, ends_at, active) VALUES
        (NEW.id, NEW.student_id, NEW.starts_at, NEW.ends_at, NEW.state <> 'cancelled'),
        (NEW.id, NEW.professional_id, NEW.starts_at, NEW.ends_at, NEW.state <> 'cancelled');
"""
_INSIDER = """
    SELECT RAISE(ABORT, 'not one of the two people of the session') WHERE NOT EXISTS (
        SELECT 1 FROM record_scheduledsession AS s
        WHERE s.id = NEW.session_id AND NEW.person_id IN (s.student_id, s.professional_id));
"""
_TRIGGERS = {
    "record_session_times_new": ("BEFORE INSERT ON record_scheduledsession", _TIMES),
    "record_session_times_set": ("BEFORE UPDATE OF starts_at, ends_at ON record_scheduledsession", _TIMES),
    "record_session_seats_new": ("AFTER INSERT ON record_scheduledsession", _SEATS),
    "record_session_seats_set": (
        "AFTER UPDATE OF starts_at, ends_at, state, student_id, professional_id ON record_scheduledsession",
        "DELETE FROM record_attendance WHERE session_id = NEW.id;" + _SEATS,  # noqa: S608 - nothing comes from outside
    ),
    "record_attendance_new": (
        "BEFORE INSERT ON record_attendance WHEN NEW.active",
        _TIMES + _OVERLAP.format(but_itself=""),
    ),
    "record_attendance_set": (
        "BEFORE UPDATE ON record_attendance WHEN NEW.active",
        _TIMES + _OVERLAP.format(but_itself="AND other.id <> NEW.id"),
    ),
    "record_rating_new": ("BEFORE INSERT ON record_rating", _INSIDER),
    "record_rating_set": ("BEFORE UPDATE ON record_rating", _INSIDER),
    "record_confirmation_new": ("BEFORE INSERT ON record_sessionconfirmation", _INSIDER),
    "record_confirmation_set": ("BEFORE UPDATE ON record_sessionconfirmation", _INSIDER),
    "record_waiting_set": (
        "BEFORE UPDATE OF waiting_since ON record_reviewrequest",
        """
    SELECT RAISE(ABORT, 'waiting_since is never reset')
    WHERE julianday(NEW.waiting_since) > julianday(OLD.waiting_since);
""",
    ),
}
INSTALL = tuple(
    f"CREATE TRIGGER IF NOT EXISTS {name} {event} BEGIN {body} END" for name, (event, body) in _TRIGGERS.items()
)
REMOVE = tuple(f"DROP TRIGGER IF EXISTS {name}" for name in _TRIGGERS)
