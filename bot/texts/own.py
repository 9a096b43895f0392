"""Cards about oneself: how my times were read, since when I wait, whom I meet, what would help."""

from __future__ import annotations

from datetime import datetime

from bot.cards import Card, Tone, kept_words
from bot.client import Json
from bot.words import counted, plain, stamp, when

MOST_HINTS = 4


def resume_card(me: Json, links: Json) -> Card:
    """How a review comes about, and the form's link with the member's own code."""
    steps = (
        "1. Open the link below and answer the form; it takes about three minutes.\n"
        "2. Say when you are free in your own words: “Mon and Wed 2-4pm, not on Dec 24”.\n"
        "3. Every night everybody is matched at once: as many as possible, the longest waiting first.\n"
        "4. You get a calendar invitation. `review_status` always says where you stand, and what would help."
    )
    fields = []
    professional = any(one["role"] == "professional" for one in me["roles"])
    if links["students"] and not (professional and len(me["roles"]) == 1):
        fields.append(("Your form link", links["students"]))
    if links["professionals"] and professional:
        fields.append(("Your form link as a professional", links["professionals"]))
    if not fields:
        fields.append(("Your form link", "This program has set no form link yet: please ask its staff for the form."))
    private = "The link holds a code that proves it is you, so please do not pass it on. It works for 30 days."
    return Card("How to get a resume review", steps, tuple(fields), private if fields[0][1].startswith("http") else "")


def status_card(me: Json, why: Json | None, now: datetime) -> Card:
    """Where somebody stands. `why`: the explanation of the last night, if there is one to give."""
    if not me["known"]:
        return stranger_card(me)
    fields = [*_understood(me), *_waiting(me), *_sessions(me, now), *_pauses(me)]
    if me["waiting_confirmation"]:
        text = "An answer in your name waits until the program's staff have confirmed that it came from you."
        fields.append(("Waiting for staff", text))
    if why is not None:
        fields += why_fields(why, me["zone"])
    booked = any(not is_over(one, now) for one in me["sessions"])
    return Card(f"Where you stand, {plain(me['name'], 60)}", "", tuple(fields), _clock(me), _tone(me, booked))


def stranger_card(me: Json) -> Card:
    """For a Discord member whom the record does not know."""
    if me["claimable"]:
        text = (
            "An answer to the form names your Discord account, and nobody has confirmed yet that it is yours. "
            "If you answered the form, press “That is me”. If not, press “Not me”, and it is taken off that answer."
        )
        return Card("Is this answer yours?", text, tone=Tone.WAIT)
    text = "I do not know you yet. `resume` gives you a form link of your own; after your answer I can tell you more."
    return Card("You have not answered the form yet", text, tone=Tone.WAIT)


def why_fields(answer: Json, zone: str) -> list[tuple[str, str]]:
    """An explanation as fields: the reasons, then the changes that would help; its times are in `zone`."""
    fields = [(f"What the last night says, times in {zone}", _bullets(answer["sentences"]))]
    shown = [" ".join(entry["sentences"]) for entry in answer["entries"]][:MOST_HINTS]
    if shown:
        fields.append((answer["heading"].partition(" (")[0] or "More", _bullets(shown)))
    return fields


def preview_card(words: str, reading: Json) -> Card:
    """How a text would be read, before it is stored."""
    fields = [kept_words(words), *_reading(reading, "I read it as")]
    good = reading["status"] in ("ok", "partial")
    if not good:
        text = "I could not read a time from this. Try something like “Mon and Wed 2-4pm” or “Dec 3 18:00-20:00 CET”."
        return Card("No time understood", text, tuple(fields), tone=Tone.BAD)
    text = "Is this right? Nothing is stored until you press the button."
    tone = Tone.PLAIN if reading["status"] == "ok" else Tone.WAIT
    return Card("This is how I understand you", text, tuple(fields), f"Times in {reading['zone']}", tone)


def stored_card(told: Json) -> Card:
    """After an answer was stored."""
    if told["state"] != "current":
        text = plain(told["reason"] or "Staff look at it before it counts.", 500)
        return Card("Stored, but it does not count yet", text, tone=Tone.WAIT)
    fields = [part for reading in told["understood"] for part in _reading(reading, "I read it as")]
    text = "Stored. It counts from the next night on; your place in the queue stays the same."
    return Card("Your times are stored", text, tuple(fields), tone=Tone.GOOD)


def paused_card(me: Json) -> Card:
    """After a pause or its end."""
    untils = [one["paused_until"] for one in me["roles"] if one["state"] == "paused"]
    if not untils:
        return Card("You are back", "You are matched again from the next night on.", tone=Tone.GOOD)
    until = f"until {when(untils[0])}" if untils[0] else "until you come back"
    text = f"You are not matched {until}. Sessions that are booked stand; cancel them if you cannot come."
    return Card("You are paused", text, tone=Tone.WAIT)


def zone_card(me: Json) -> Card:
    text = (
        f"Times that you write without a zone are read in **{plain(me['zone'])}** from now on. "
        "Times that I write are always shown on your own device's clock."
    )
    return Card("Your time zone is stored", text, tone=Tone.GOOD)


def reminders_card(me: Json) -> Card:
    """How somebody is reminded from now on."""
    usual = "by Discord if this account is confirmed as yours, else by e-mail"
    phone = f"by a message to {plain(me['phone'])}, where the program offers that; else {usual}"
    ways = {
        "discord": "by direct message, or by e-mail where I cannot write to you", "email": "by e-mail",
        "phone": phone, "none": "not at all", "": usual,
    }  # fmt: skip
    text = f"You are reminded of your sessions {ways[me['reminders']]}."
    return Card("Your reminders", text, tone=Tone.GOOD)


def _understood(me: Json) -> list[tuple[str, str]]:
    fields = [part for reading in me["understood"] for part in _reading(reading, "How your times were understood")]
    offer = me["offer"]
    if offer and not fields:
        told = offer["understood"] or counted(len(offer["windows"]), "open window") + " from your ticked days and hours"
        fields.append(("What you offer", plain(told, 600)))
    return fields


def _reading(reading: Json, title: str) -> list[tuple[str, str]]:
    lines = [plain(reading["echo"] or "nothing", 600)]
    lines += [f"• {plain(one)}" for one in reading["assumptions"][:4]]
    missed = [f"“{plain(one, 80)}”" for one in reading["not_understood"][:4]]
    if missed:
        lines.append(f"**Not understood:** {', '.join(missed)}")
    return [(title, "\n".join(lines))]


def _waiting(me: Json) -> list[tuple[str, str]]:
    request = me["request"]
    if request is None or request["state"] == "scheduled":
        return []
    since = f"{stamp(request['waiting_since'], 'D')} ({counted(request['waiting_days'], 'day')})"
    planned = " You are in a plan that staff have not let through yet." if request["state"] == "matched" else ""
    return [("Waiting since", since + planned)]


def _sessions(me: Json, now: datetime) -> list[tuple[str, str]]:
    over = [session_line(one, me["id"]) for one in me["sessions"] if is_over(one, now)]
    coming = [session_line(one, me["id"]) for one in me["sessions"] if not is_over(one, now)]
    told = (("Your sessions", coming), ("Over: how did it go?", over))
    return [(title, "\n".join(lines[:6])) for title, lines in told if lines]


def is_over(session: Json, now: datetime) -> bool:
    return datetime.fromisoformat(session["ends_at"]) <= now


def session_line(session: Json, mine: str | None) -> str:
    """One session as one of its people, or staff, read it."""
    student, professional = (plain(session[side]["name"] or "somebody", 60) for side in ("student", "professional"))
    if mine in (session["student"]["id"], session["professional"]["id"]):
        who = f"with {professional if mine == session['student']['id'] else student}"
    else:
        who = f"{student} with {professional}"
    return f"• {when(session['starts_at'])}, {session['minutes']} minutes, {who} · `{session['reference']}`"


def _pauses(me: Json) -> list[tuple[str, str]]:
    paused = [one for one in me["roles"] if one["state"] == "paused"]
    return [("Paused", f"until {when(one['paused_until'])}" if one["paused_until"] else "until you come back")
            for one in paused[:1]]  # fmt: skip


def _clock(me: Json) -> str:
    chosen = f"Times without a zone: {me['zone']}"
    return chosen if me["zone_chosen"] else f"{chosen}, the program's; `timezone` sets your own"


def _tone(me: Json, booked: bool) -> Tone:
    return Tone.GOOD if booked else Tone.WAIT if me["request"] else Tone.PLAIN


def _bullets(sentences: list[str]) -> str:
    return "\n".join(f"• {plain(one, 400)}" for one in sentences)
