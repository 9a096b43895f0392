"""Sessions changed by the people in them and by staff: cancelled, moved, closed, rated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.buttons import button
from bot.cards import Reply
from bot.client import Json
from bot.quotes import unquoted
from bot.texts.own import is_over
from bot.texts.sessions import (
    MOST_OPTIONS,
    ask_cancel_card,
    ask_free_card,
    ask_move_card,
    cancelled_card,
    chosen_card,
    closed_card,
    moved_card,
    two,
)
from bot.turn import ID, STAFF, WRITERS, Refusal, Several, Turn
from bot.words import one_line, plain

PATH = "scheduled-sessions/"
COMING, OVER, RATED = "coming", "over", "rated"
CAUSES = ("staff", "student", "professional")
_MARK = re.compile(r"#[0-9A-Za-z]{6}")
_STATES = {COMING: ("scheduled",), OVER: ("scheduled",), RATED: ("scheduled", "completed")}
_NONE = {
    COMING: "No session is booked that could be changed.",
    OVER: "No session is over and still open.",
    RATED: "No session is over that could be rated.",
}


@dataclass(frozen=True)
class Found:
    """`mine`: the asker's own id; `tag`: of the session as it was shown."""

    me: Json
    session: Json
    tag: str

    @property
    def id(self) -> str:
        return str(self.session["id"])

    @property
    def inside(self) -> bool:
        """Whether the asker is one of the two."""
        return self.me["id"] in (self.session["student"]["id"], self.session["professional"]["id"])


async def cancel(turn: Turn, session: str = "", by: str = "") -> Reply:
    """Asks first. Staff also see what else would be possible."""
    found = await _find(turn, session, COMING)
    staff = found.me["acts_as"] in WRITERS
    cause = by if by in CAUSES else "staff"
    drop = button("Cancel it", turn.asker, "drop", found.id, found.tag, style="danger")
    keep = button("Keep it", turn.asker, "leave")
    if not staff:
        return Reply(ask_cancel_card(found.session, found.me["id"], None), (drop, keep))
    menu = await turn.api.get(f"{PATH}{found.id}/menu/", pace="patient", cause=cause)
    options = [
        button(f"Do option {one['number']}", turn.asker, "choose", found.id, one["number"], cause[:2], menu["seen"])
        for one in menu["options"][:MOST_OPTIONS]
    ]
    return Reply(ask_cancel_card(found.session, None, menu), (drop, *options, keep))


async def drop(turn: Turn, session: str, tag: str) -> Reply:
    """Cancel it, as it was shown."""
    me = await turn.me()
    done = await turn.post(f"{PATH}{session}/cancel/", {}, seen=tag)
    return Reply(cancelled_card(done, me["id"]))


async def choose(turn: Turn, session: str, number: str, cause: str, seen: str) -> Reply:
    """Cancel it and do what that option of the menu says."""
    full = next(one for one in CAUSES if one.startswith(cause))
    body = {"choose": int(number), "cause": full, "seen": seen}
    return Reply(chosen_card(await turn.post(f"{PATH}{session}/menu/", body, pace="patient"), number))


async def reschedule(turn: Turn, session: str = "", time: str = "", zone: str = "") -> Reply:
    """Participants free their time and are matched again; staff name a new one."""
    found = await _find(turn, session, COMING)
    keep = button("Leave it as it is", turn.asker, "leave")
    if found.me["acts_as"] not in WRITERS:
        if time:
            raise Refusal(
                "Only staff set a time. Leave it out: yours is freed and you are matched again, with your place kept."
            )
        free = button("Find another time", turn.asker, "free", found.id, found.tag, style="primary")
        return Reply(ask_free_card(found.session, found.me["id"]), (free, keep))
    moment = await moment_of(turn, time, zone, f'{turn.form}reschedule {found.session["reference"]} "Tuesday 3:00 PM"')
    start = int(datetime.fromisoformat(moment["starts_at"]).timestamp())
    move = button("Move it", turn.asker, "move", found.id, start, found.tag, style="primary")
    return Reply(ask_move_card(found.session, moment), (move, keep))


async def free(turn: Turn, session: str, tag: str) -> Reply:
    """The asker's time is freed."""
    me = await turn.me()
    return Reply(cancelled_card(await turn.post(f"{PATH}{session}/reschedule/", {}, seen=tag), me["id"]))


async def move(turn: Turn, session: str, start: str, tag: str) -> Reply:
    """To the time that was shown."""
    body = {"starts_at": f"{datetime.fromtimestamp(int(start), turn.now.tzinfo).isoformat()}"}
    return Reply(moved_card(await turn.post(f"{PATH}{session}/reschedule/", body, seen=tag)))


async def complete(turn: Turn, session: str = "") -> Reply:
    """It took place."""
    found = await _find(turn, session, OVER)
    done = await turn.post(f"{PATH}{found.id}/complete/", {})
    stars = tuple(button("★" * number, turn.asker, "stars", found.id, number) for number in range(1, 6))
    text = "Thank you. How was it? Your rating is seen by staff as a number among others."
    if not found.inside:
        return Reply(closed_card(done, "Noted: it took place", "The request counts as served."))
    return Reply(closed_card(done, "Noted: it took place", text), stars)


async def no_show(turn: Turn, session: str = "", absent: str = "") -> Reply:
    """Somebody did not come. Staff decide; a participant's word is kept for them."""
    found = await _find(turn, session, OVER)
    if found.inside and found.me["acts_as"] not in WRITERS:
        absent = "professional" if found.me["id"] == found.session["student"]["id"] else "student"
        done = await turn.post(f"{PATH}{found.id}/no-show/", {"absent": absent})
        return Reply(closed_card(done, "Noted", "Staff look at it before it counts as a no-show."))
    if absent not in ("student", "professional"):
        form = f"{turn.form}no_show {found.session['reference']} student"
        raise Refusal(f"Who did not come, the student or the professional? Write it like this: {form}")
    done = await turn.post(f"{PATH}{found.id}/no-show/", {"absent": absent})
    lost = "An absent student asks again." if absent == "student" else "The student waits again, with their old place."
    return Reply(closed_card(done, f"Noted: the {absent} did not come", lost))


async def rate(turn: Turn, session: str = "", stars: str = "") -> Reply:
    """1 to 5, by the two people in it."""
    if stars not in ("", "1", "2", "3", "4", "5"):
        raise Refusal(f"A rating is a number from 1 to 5: {turn.form}rate 5")
    found = await _find(turn, session, RATED)
    if not found.inside:
        raise Refusal("Only the two people of a session rate it.")
    if not stars:
        choices = tuple(button("★" * number, turn.asker, "stars", found.id, number) for number in range(1, 6))
        return Reply(closed_card(found.session, "How was it?", "5 is best."), choices)
    return await give_stars(turn, found.id, stars)


async def give_stars(turn: Turn, session: str, stars: str) -> Reply:
    """Rate it."""
    done = await turn.post(f"{PATH}{session}/rate/", {"stars": int(stars)})
    return Reply(closed_card(done, f"Rated {'★' * int(stars)}", "Thank you. A second rating replaces this one."))


async def moment_of(turn: Turn, text: str, zone: str, form: str) -> Json:
    """A start in words. Raises `Refusal` when only a day, or nothing, was named."""
    if not text:
        raise Refusal(f"Which time? Write it like this: {form}")
    moment = await turn.post("moment-preview/", {"text": text, **({"zone": zone} if zone else {})})
    if moment["starts_at"] is None:
        raise Refusal(f"“{plain(text, 60)}” names a day but no time of day. Write it like this: {form}")
    return moment


async def _find(turn: Turn, text: str, kind: str) -> Found:
    """The session that is meant: by mark, id, a person in it, or the only one. Raises `Refusal` or `Several`."""
    me, said = await turn.me(), unquoted(one_line(text))
    if not me["known"] and me["acts_as"] not in STAFF:
        raise Refusal(f"I do not know you yet. {turn.form}resume gives you the form link to begin with.")
    if ID.fullmatch(said):
        reached = await turn.api.read(f"{PATH}{said}/")
        return Found(me, reached.data, reached.tag)
    rows = await _candidates(turn, me, said, kind)
    if not rows:
        hint = f" Nothing fits “{plain(said, 60)}”." if said else ""
        raise Refusal(_NONE[kind] + hint)
    if len(rows) > 1:
        options = [(two(row), row["id"], _clock(row, me["zone"])) for row in rows]
        raise Several(0, "Which session do you mean?", options)
    reached = await turn.api.read(f"{PATH}{rows[0]['id']}/")
    return Found(me, reached.data, reached.tag)


async def _candidates(turn: Turn, me: Json, said: str, kind: str) -> list[Json]:
    staff = me["acts_as"] in STAFF
    if _MARK.fullmatch(said):
        rows = (await turn.api.get(PATH, reference=said))["results"]
    elif said and staff:
        person = await turn.person(said, "")
        rows = (await turn.api.get(PATH, **{person["role"]: person["id"]}, state=_STATES[kind], page_size=25))[
            "results"
        ]
    elif staff and not me["known"]:
        raise Refusal("Say which session: its mark as in #K3F9QX, or one of its two people.")
    else:
        rows = await _own(turn, me, kind)
        rows = [row for row in rows if said.casefold() in two(row).casefold()] if said else rows
    fits = [row for row in rows if _is(row, kind, turn.now)]
    return sorted(fits, key=lambda row: (str(row["starts_at"]), str(row["id"])), reverse=kind is not COMING)


async def _own(turn: Turn, me: Json, kind: str) -> list[Json]:
    """Sessions that the asker is in, staff's own hat aside."""
    rows: list[Json] = []
    for side in ("student", "professional"):
        answer = await turn.api.get(PATH, **{side: me["id"]}, state=_STATES[kind], order="-starts_at", page_size=25)
        rows += answer["results"]
    return rows


def _is(row: Json, kind: str, now: datetime) -> bool:
    return row["state"] in _STATES[kind] and is_over(row, now) == (kind is not COMING)


def _clock(row: Json, zone: str) -> str:
    """In words, since menus do not show Discord's own times."""
    local = datetime.fromisoformat(row["starts_at"]).astimezone(ZoneInfo(zone))
    return f"{local:%a %d %b %H:%M} {zone}, {row['reference']}"
