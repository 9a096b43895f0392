"""Sentences about why a student has no session, and what would help."""

from __future__ import annotations

from backend.explanations.rules import decided
from backend.explanations.voice import Voice
from backend.nightly.sentences import STAGES
from backend.report.words import counted, listed
from optimizer import Audience, LeftOutExplanation
from optimizer.domain import Stage
from optimizer.explain.changes import ANY_TAG, MoreTags, MoreTime, OwnChange
from optimizer.explain.decisions import NOT_SETTLED, SEED
from optimizer.explain.left_out import Competition, Places

FEW_HOSTS = 4


def reason(told: LeftOutExplanation, voice: Voice) -> str:
    """The one stage that removed the last candidate."""
    if told.stage is not Stage.LOST:
        return STAGES[told.stage]
    if told.decided_by == NOT_SETTLED or told.competition is None:
        return "There were places they could use, and other students got them; more is not settled."
    return competition(told.competition, voice)


def competition(told: Competition, voice: Voice) -> str:
    """The set that proves it, so that a person can count it by hand."""
    you = "This student" if told.size == 1 else f"These {told.size:,} students"
    who = f" (with {voice.listed(told.rivals)})" if told.rivals and voice.staff else ""
    use = f"{you}{who} can only use {counted(told.places, 'place')}"
    senior = ""
    if told.size > 1 and told.all_as_senior:
        senior = "; all have waited at least as long" if told.all_waited else "; all have at least the same priority"
    return f"{use}: {_where(told.hosts, voice)}{senior}."


def _where(hosts: tuple[Places, ...], voice: Voice) -> str:
    if len(hosts) > FEW_HOSTS:
        spans = [span for host in hosts for span in host.windows]
        return f"{voice.roughly(spans)}, with {voice.listed(host.professional for host in hosts)}"
    return "; ".join(
        f"{host.places} with {voice.name(host.professional)} ({voice.windows(host.windows, 3)})" for host in hosts
    )


def decision(told: LeftOutExplanation) -> str:
    """Which rule chose between them."""
    if not told.decided_by or told.decided_by == NOT_SETTLED:
        return ""
    if told.decided_by == SEED:
        return "Between equals it was drawn by lot from the seed."
    return f"Who of them gets a place was settled by {decided(told.decided_by)}."


def waiting(told: LeftOutExplanation) -> str:
    """A bound over the people of tonight, said as one."""
    if told.competition is None or not told.competition.places:
        return ""
    ahead, places, nights = told.competition.ahead, told.competition.places, told.competition.nights
    opened = "1 such place" if places == 1 else f"{places:,} such places"
    return (
        f"If {opened} opened each night, the {counted(ahead, 'student')} with at least the same claim would be served "
        f"within {counted(nights, 'night')}. Not a promise: people and times change."
    )


def change(one: OwnChange, voice: Voice) -> str:
    """One change of theirs that would give them a session."""
    others = "somebody else would get another time, nobody would lose a session" if one.others_move else "nobody moves"
    who = listed([voice.name(name) for name in one.professionals], 3)
    if isinstance(one, MoreTime):
        minutes = counted(voice.cell_minutes, "minute")
        return f"Free for {minutes} within {voice.window(one.window)} as well: with {who}; {others}."
    if one.tag == ANY_TAG:
        return f"Leaving {one.requirement} open: with {who}; {others}."
    return f"{_tag(one, voice)} as {one.requirement} as well: with {who}; {others}."


def _tag(one: MoreTags, voice: Voice) -> str:
    options = voice.tags.get(one.requirement, ())
    return options[one.tag] if one.tag < len(options) else f"option {one.tag + 1}"


def private(told: LeftOutExplanation, voice: Voice) -> str:
    """For staff alone: who could meet them, were it not forbidden."""
    if not told.forbidden or voice.audience is not Audience.STAFF:
        return ""
    return f"Staff only: {voice.listed(told.forbidden)} could meet this student, but the pair is forbidden."


def left_out_sentences(told: LeftOutExplanation, voice: Voice) -> tuple[str, ...]:
    """Why, by which rule, how long at most, and what staff alone may know; changes are said one by one."""
    said = (reason(told, voice), decision(told), waiting(told), private(told, voice))
    return tuple(sentence for sentence in said if sentence)
