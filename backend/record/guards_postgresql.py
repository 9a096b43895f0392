"""The guards as PostgreSQL constraints and triggers.

`EXCLUDE` needs the extension btree_gist (trusted since PostgreSQL 13: the database's owner may create it). Django's
own `ExclusionConstraint` would break the same migration on SQLite.
"""

from __future__ import annotations

_SEATS = """
CREATE FUNCTION record_seats() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM record_attendance WHERE session_id = NEW.id;
    END IF;
    -- In the order of the people, so that two bookings of the same pair never wait for each other crosswise.
    INSERT INTO record_attendance (session_id, person_id, starts_at, ends_at, active)
    SELECT NEW.id, seat.person, NEW.starts_at, NEW.ends_at, NEW.state <> 'cancelled'
    FROM (VALUES (NEW.student_id), (NEW.professional_id)) AS seat(person) ORDER BY seat.person;
    RETURN NULL;
END $$
"""
_INSIDER = """
CREATE FUNCTION record_insider() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM record_scheduledsession AS s
                   WHERE s.id = NEW.session_id AND NEW.person_id IN (s.student_id, s.professional_id)) THEN
        RAISE EXCEPTION 'not one of the two people of the session' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_WAITING = """
CREATE FUNCTION record_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.waiting_since > OLD.waiting_since THEN
        RAISE EXCEPTION 'waiting_since is never reset' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$
"""
_TIMED = ("record_scheduledsession", "record_attendance")
INSTALL = (
    "CREATE EXTENSION IF NOT EXISTS btree_gist",
    *(f"ALTER TABLE {table} ADD CONSTRAINT {table}_ends_later CHECK (ends_at > starts_at)" for table in _TIMED),
    *(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_length CHECK "
        "(ends_at - starts_at BETWEEN interval '10 minutes' AND interval '240 minutes')"
        for table in _TIMED
    ),
    "ALTER TABLE record_attendance ADD CONSTRAINT record_attendance_overlap EXCLUDE USING gist "
    "(person_id WITH =, tstzrange(starts_at, ends_at) WITH &&) WHERE (active)",
    _SEATS,
    "CREATE TRIGGER record_seats_new AFTER INSERT ON record_scheduledsession "
    "FOR EACH ROW EXECUTE FUNCTION record_seats()",
    "CREATE TRIGGER record_seats_set AFTER UPDATE OF starts_at, ends_at, state, student_id, professional_id "
    "ON record_scheduledsession FOR EACH ROW EXECUTE FUNCTION record_seats()",
    _INSIDER,
    "CREATE TRIGGER record_rating_insider BEFORE INSERT OR UPDATE ON record_rating "
    "FOR EACH ROW EXECUTE FUNCTION record_insider()",
    "CREATE TRIGGER record_confirmation_insider BEFORE INSERT OR UPDATE ON record_sessionconfirmation "
    "FOR EACH ROW EXECUTE FUNCTION record_insider()",
    _WAITING,
    "CREATE TRIGGER record_waiting_set BEFORE UPDATE OF waiting_since ON record_reviewrequest "
    "FOR EACH ROW EXECUTE FUNCTION record_waiting()",
)
REMOVE = (
    *(
        f"DROP TRIGGER IF EXISTS {trigger} ON {table}"
        for trigger, table in (
            ("record_seats_new", "record_scheduledsession"),
            ("record_seats_set", "record_scheduledsession"),
            ("record_rating_insider", "record_rating"),
            ("record_confirmation_insider", "record_sessionconfirmation"),
            ("record_waiting_set", "record_reviewrequest"),
        )
    ),
    *(f"DROP FUNCTION IF EXISTS {name}()" for name in ("record_seats", "record_insider", "record_waiting")),
    "ALTER TABLE record_attendance DROP CONSTRAINT IF EXISTS record_attendance_overlap",
    *(
        f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {table}_{rule}"
        for table in _TIMED
        for rule in ("ends_later", "length")
    ),
)
