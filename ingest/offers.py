"""When a person is free tonight: availability texts, ticked days and slots, validity, pauses."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from ingest.availability import Conventions, Horizon, Reading, read, resolve, resolve_exclusions
from ingest.forms import Person, ProfessionalResponse, StudentResponse
from ingest.rules import ProgramRules
from optimizer.domain import Certainty, Interval, Window, intersect, merge, subtract, wall_interval, zone_info

_FAR = datetime(2200, 1, 1, tzinfo=UTC)
_NOTHING_SPECIFIC = frozenset(
    {
        "", "n/a", "na", "n.a.", "none", "no", "nope", "nil", "-", "--", "—", ".", "nothing", "nothing specific",
        "null", "not applicable", "no specific times", "same as above", "see above", "as above", "no preference",
    }
)  # fmt: skip
_ANY_TIME = frozenset({"any", "anytime", "any time", "flexible"})


class Use(StrEnum):
    """What an availability text was used for."""

    WINDOWS = "gives the windows"
    REPLACES = "replaces the ticked days and slots"
    SUBTRACTS = "is taken from the ticked days and slots"
    TICKS_STAY = "is not used: the ticked days and slots stay"
    NOTHING = "gives no windows"


@dataclass(frozen=True)
class Offer:
    """Windows of a person in the horizon (sorted, merged per certainty), the reading behind them if there was a
    text, what it was used for, and why staff should ask back ("" when there is no need)."""

    windows: tuple[Window, ...]
    reading: Reading | None = None
    use: Use = Use.WINDOWS
    confirm: str = ""

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """When the person is free, whatever the certainty."""
        return merge(window.interval for window in self.windows)


@dataclass(frozen=True)
class Clockwork:
    """What reading needs of the night: the horizon's local dates, the program's rules, the reader's conventions."""

    rules: ProgramRules
    horizon: Horizon
    conventions: Conventions

    def reading(self, text: str, person: Person, zone: str) -> Reading:
        """The text as meant at its submission: relative words count from that local date."""
        reference = person.submitted.astimezone(zone_info(zone)).date()
        return read(text, reference=reference, zone=zone, horizon=self.horizon, conventions=self.conventions)

    def windows(self, reading: Reading) -> tuple[Window, ...]:
        """The reading's windows in the horizon; all are low-confidence when the reading as a whole is doubtful."""
        return resolve(reading, self.horizon, low_confidence_below=self.rules.low_confidence_below)


def student_offer(response: StudentResponse, clockwork: Clockwork) -> Offer:
    """What a student's free text says. Partly understood text gives its windows and is listed to confirm."""
    reading = clockwork.reading(response.availability, response.person, response.zone)
    confirm = _not_understood(reading) if reading.unparsed else ""
    windows = clockwork.windows(reading)
    return Offer(windows, reading, Use.WINDOWS if windows else Use.NOTHING, confirm)


def professional_offer(response: ProfessionalResponse, clockwork: Clockwork) -> Offer:
    """Ticked days x slots or the specific times, inside the validity dates.

    Specific times read without doubt replace the ticks, exclusions alone subtract from them; read in part or not at
    all, the ticks stay and the row is listed to confirm. "Any time" adds nothing to ticks, but where days or slots
    have none it stands for them.
    """
    if response.dates_bad:
        return Offer((), use=Use.NOTHING)
    valid = validity(response, clockwork.rules)
    ticks = intersect(ticked(response, clockwork.horizon), [valid] if valid else [])
    said = response.specific.casefold().strip(" .!")
    if said in _ANY_TIME and not (response.days and response.slots):
        return _any_time(response, valid, clockwork)
    if said in _NOTHING_SPECIFIC or said in _ANY_TIME:
        return Offer(tuple(Window(interval) for interval in ticks), use=Use.TICKS_STAY)
    reading = clockwork.reading(response.specific, response.person, response.zone)
    if reading.status in ("partial", "unparseable"):
        return Offer(tuple(Window(interval) for interval in ticks), reading, Use.TICKS_STAY, _not_understood(reading))
    if reading.only_excludes:
        left = subtract(ticks, resolve_exclusions(reading, clockwork.horizon))
        return Offer(tuple(Window(interval) for interval in left), reading, Use.SUBTRACTS)
    if reading.status == "none":
        confirm = "the specific times say there is no time, but days and slots are ticked" if ticks else ""
        return Offer((), reading, Use.NOTHING, confirm)
    windows = within(clockwork.windows(reading), [valid] if valid else [])
    outside = subtract((window.interval for window in windows), ticks)
    confirm = "the specific times reach outside the ticked days and slots" if outside and ticks else ""
    return Offer(windows, reading, Use.REPLACES, confirm)


def _any_time(response: ProfessionalResponse, valid: Interval | None, clockwork: Clockwork) -> Offer:
    """ "Any time" in place of missing ticks: on the ticked days if there are any, in the ticked slots if any."""
    reading = clockwork.reading("any time", response.person, response.zone)
    asked = replace(response, days=response.days or tuple(range(7)), slots=response.slots or ((0, 1440),))
    allowed = intersect(ticked(asked, clockwork.horizon), [valid] if valid else [])
    return Offer(within(clockwork.windows(reading), allowed), reading, Use.REPLACES)


def _not_understood(reading: Reading) -> str:
    parts = "; ".join(f"{span.text.strip()!r}" for span in reading.unparsed)
    return f"not understood: {parts}"


def ticked(response: ProfessionalResponse, horizon: Horizon) -> tuple[Interval, ...]:
    """The ticked days x slots on the horizon's dates, on the clock of the response's zone."""
    found = []
    for day in horizon.dates():
        if day.weekday() in response.days:
            found += [wall_interval(day, start, end, response.zone) for start, end in response.slots]
    return merge(interval for interval in found if interval)


def validity(response: ProfessionalResponse, rules: ProgramRules) -> Interval | None:
    """From the start date to the end date, both included, on the response's clock; None when that is empty.

    Without a start date it begins with the answer; without an end date it lasts `expiry_days` from then (or from
    the start date, when that is later).
    """
    submitted = response.person.submitted.astimezone(zone_info(response.zone)).date()
    first = response.first or submitted
    last = response.last or max(first, submitted) + timedelta(days=rules.expiry_days)
    return span_of(first, last, response.zone)


def span_of(first: date, last: date, zone: str) -> Interval | None:
    """All instants of the local dates from `first` to `last`, both included."""
    begin, end = wall_interval(first, 0, 1440, zone), wall_interval(last, 0, 1440, zone)
    if begin is None or end is None or end.end <= begin.start:
        return None
    return Interval(begin.start, end.end)


def since(day: date, zone: str) -> Interval:
    """All instants from the local midnight of a date on."""
    return Interval(datetime(day.year, day.month, day.day, tzinfo=zone_info(zone)).astimezone(UTC), _FAR)


def within(windows: Iterable[Window], allowed: Iterable[Interval]) -> tuple[Window, ...]:
    """The windows cut to the allowed intervals."""
    allowed = merge(allowed)
    cut = [Window(part, window.certainty) for window in windows for part in intersect([window.interval], allowed)]
    return merged(cut)


def without(windows: Iterable[Window], taken: Iterable[Interval]) -> tuple[Window, ...]:
    """The windows less what is taken."""
    taken = merge(taken)
    return merged(Window(part, window.certainty) for window in windows for part in subtract([window.interval], taken))


def merged(windows: Iterable[Window]) -> tuple[Window, ...]:
    """Sorted windows; those of one certainty that touch are one, so that a cell across their seam is covered."""
    by_certainty: dict[Certainty, list[Interval]] = {}
    for window in windows:
        by_certainty.setdefault(window.certainty, []).append(window.interval)
    return tuple(sorted(Window(part, one) for one in sorted(by_certainty) for part in merge(by_certainty[one])))
