"""Cards for staff: lists, answers of the explanation engine, statistics, runs."""

from __future__ import annotations

from bot.cards import Card, Tone
from bot.client import Json
from bot.words import counted, days, listed, one_line, percent, plain, stamp, when

ORDERS = {"waiting_since": "longest waiting first", "name": "by name", "-priority": "highest priority first"}
MOST_TIERS = 12
MOST_LOADS = 5


def pending_card(page: Json, number: int, pages: int, order: str, query: str) -> Card:
    """Waiting students whose times could be read."""
    if not page["results"]:
        text = f"No waiting student fits “{plain(query, 60)}”." if query else "Nobody waits with readable times."
        return Card("Pending reviews", text, tone=Tone.GOOD)
    lines = [_waiting_line(one) for one in page["results"]]
    about = f", names with “{plain(query, 40)}”" if query else ""
    title = f"Pending reviews: {counted(page['count'], 'student')}"
    return Card(title, "\n".join(lines), footer=f"Page {number} of {pages}, {ORDERS[order]}{about}")


def professionals_card(page: Json, number: int, pages: int, query: str) -> Card:
    """Volunteers with their load and next free time."""
    if not page["results"]:
        text = f"No professional fits “{plain(query, 60)}”." if query else "There is no professional yet."
        return Card("Professionals", text, tone=Tone.WAIT)
    lines = [_professional_line(one) for one in page["results"]]
    title = f"Professionals: {page['count']:,}"
    return Card(title, "\n".join(lines), footer=f"Page {number} of {pages}")


def added_card(row: Json, hidden: bool) -> Card:
    """`hidden`: the message with the address was deleted, or came where only staff read."""
    text = (
        f"**{plain(row['name'], 80)}** is a professional of the program now"
        + (f", for {plain(row['specialties'], 300)}" if row["specialties"] else "")
        + ".\nThey are matched once they have said when they are free: send them the form for professionals."
    )
    note = "" if hidden else "Please delete your message: it shows an e-mail address to everybody here."
    return Card("Added", text, footer=note, tone=Tone.GOOD)


def answer_card(answer: Json, number: int, per_page: int) -> tuple[Card, int]:
    """An answer in sentences, entries as fields; and how many pages of entries there are."""
    pages = max(1, -(-len(answer["entries"]) // per_page))
    shown = answer["entries"][(number - 1) * per_page : number * per_page]
    text = "\n".join(plain(one, 900) for one in answer["sentences"])
    if answer["heading"] and shown:
        text += f"\n\n**{plain(answer['heading'].replace(' in --json', ''), 200)}**"
    titled = [entry for entry in shown if entry["title"]]
    fields = tuple(
        (plain(one["title"], 100), "\n".join(plain(part, 500) for part in one["sentences"])) for one in titled
    )
    bare = [f"• {plain(' '.join(one['sentences']), 500)}" for one in shown if not one["title"]]
    if bare:
        text += "\n" + "\n".join(bare)
    footer = f"Page {number} of {pages}, night of {answer['night']}. Nothing was changed."
    return Card(plain(answer["title"], 200), text, fields, footer), pages


def stats_card(stats: Json) -> Card:
    """How the program is doing."""
    sessions, waiting = stats["sessions"], stats["waiting"]
    spread = f"median {days(waiting['median'])}, longest {days(waiting['longest'])}"
    loads = [f"{plain(one['name'], 60)} {one['upcoming'] + one['held']}" for one in stats["loads"][:MOST_LOADS]]
    idle = sum(1 for one in stats["loads"] if not one["upcoming"] + one["held"])
    fields = (
        ("People", f"{counted(stats['students'], 'student')}, {counted(stats['professionals'], 'professional')}"),
        ("Matched", f"{percent(stats['matched_share'])} of {counted(stats['asked'], 'student')} who asked"),
        ("Waiting now", f"{counted(waiting['count'], 'student')}; {spread}"),
        ("From asking to the session", f"median {days(stats['to_session']['median'])}"),
        (
            "Sessions",
            f"{sessions['scheduled']} booked, {stats['completed']} confirmed, {stats['assumed']} assumed held, "
            f"{sessions['cancelled']} cancelled, {sessions['no_show']} no-shows",
        ),
        ("Took place", f"{percent(stats['completion_share'])}; no-shows {percent(stats['no_show_share'])}"),
        ("Ratings", _ratings(stats)),
        ("Load", f"most: {listed(loads)}; {counted(idle, 'professional')} with nobody yet" if loads else "nobody yet"),
    )
    return Card("How the program is doing", "", fields)


def run_card(runs: list[Json], certificate: Json | None, outbox: dict[str, int]) -> Card:
    """The last runs, what was proven of the latest plan, and what could not be sent."""
    if not runs:
        return Card("No run yet", "The nightly job has not run on this record.", tone=Tone.WAIT)
    fields = [("Last runs", "\n".join(_run_line(one) for one in runs))]
    if certificate is not None:
        fields.append((_proven_title(certificate), _tiers(certificate)))
    dead, waiting = outbox.get("dead", 0), outbox.get("pending", 0) + outbox.get("unknown", 0)
    sent = f"{outbox.get('sent', 0):,} sent, {waiting:,} waiting, **{dead:,} given up**"
    fields.append(("Messages and invitations", sent + (": staff look at them in the admin." if dead else ".")))
    failed = runs[0]["state"] in ("failed", "held") or dead
    return Card("Runs", "", tuple(fields), tone=Tone.BAD if failed else Tone.GOOD)


def _waiting_line(row: Json) -> str:
    since = f"{stamp(row['waiting_since'], 'D')}, {counted(row['waiting_days'], 'day')}"
    priority = f", priority {row['priority']}" if row["priority"] else ""
    more = f", wants {row['wanted']} sessions" if row["wanted"] > 1 else ""
    name = plain(row["student"]["name"] or row["student"]["id"], 80)
    return f"**{name}** since {since}{priority}{more}\n{plain(row['availability'] or 'no times', 180)}"


def _professional_line(row: Json) -> str:
    what = ", ".join(part for part in (one_line(row["title"]), one_line(row["company"])) if part)
    free = f"next free {when(row['next_free'])}" if row["next_free"] else "no open time"
    state = " · paused" if row["state"] == "paused" else ""
    load = f"{row['upcoming']} to come, {row['held']} held"
    about = f" ({plain(what, 90)})" if what else ""
    skills = f"\n{plain(row['specialties'], 120)}" if row["specialties"] else ""
    return f"**{plain(row['name'] or row['id'], 80)}**{about}{state}: {load}; {free}{skills}"


def _ratings(stats: Json) -> str:
    given = sum(stats["ratings"].values())
    if not given:
        return "none yet"
    return f"{stats['rating_mean']:.1f} of 5 on average, from {counted(given, 'rating')}"


def _run_line(run: Json) -> str:
    told = {
        "booked": f"{counted(run['sessions_booked'], 'session')}, {counted(run['unmatched'], 'student')} unmatched",
        "held": "held for staff: " + plain(run["outcome"].get("reason", "a guard stopped it"), 200),
        "planned": "a plan waits for staff",
        "started": "at work, or stopped half-way; the next run goes on with it",
        "failed": "failed: " + plain(run["outcome"].get("reason", "see the server's log"), 200),
        "undone": "undone by staff",
    }
    at = run["finished_at"] or run["started_at"]
    return f"• night of {run['night']}: {told[run['state']]} ({stamp(at, 'R')})"


def _proven_title(certificate: Json) -> str:
    return "Proven best, rule by rule" if certificate["proven"] else "Best plan found, not proven in full"


def _tiers(certificate: Json) -> str:
    tiers = certificate["tiers"][:MOST_TIERS]
    return "\n".join(f"{'✓' if one['status'] == 'proven' else '…'} {plain(one['sentence'], 100)}" for one in tiers)
