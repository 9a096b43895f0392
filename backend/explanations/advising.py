"""Sentences about whom to ask for what, where supply is missing, and what hangs on one person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from backend.explanations.answer import Entry
from backend.explanations.voice import Voice, weekday_ranges
from backend.report.words import counted, listed
from optimizer.explain.blind_spots import BlindSpots, FieldSpot, HourSpot
from optimizer.explain.doubts import Doubt, Doubts
from optimizer.explain.offers import Offer, OfferKind
from optimizer.explain.packages import Ask, Package
from optimizer.explain.resilience import HostLoss, SlotLoss

FEW = 3


@dataclass(frozen=True)
class Advice:
    """What staff can do beyond tonight's plan, each part by the optimizer."""

    offers: tuple[Offer, ...]
    package: Package
    blind_spots: BlindSpots
    host_losses: tuple[HostLoss, ...]
    slot_losses: tuple[SlotLoss, ...]
    doubts: Doubts


def advice_sentences(told: Advice, left_out: int, voice: Voice) -> tuple[str, ...]:
    """The whole in a few lines; the single offers are said one by one."""
    said = (
        f"{counted(left_out, 'student')} of tonight's question {'has' if left_out == 1 else 'have'} no session.",
        package(told.package, voice),
        *blind(told.blind_spots, voice),
        *fragile(told.host_losses, told.slot_losses, voice),
        question(told.doubts, voice),
    )
    return tuple(sentence for sentence in said if sentence)


def offer_entries(offers: tuple[Offer, ...], voice: Voice) -> tuple[Entry, ...]:
    """One entry for each single thing to ask for; what several professionals could do alike is said once."""
    alike: dict[Offer, list[str]] = {}
    for one in offers:
        alike.setdefault(replace(one, professional=""), []).append(one.professional)
    return tuple(Entry("", (f"{_offered(one, hosts, voice)}: {_gain(one, voice)}.",)) for one, hosts in alike.items())


def _offered(one: Offer, hosts: list[str], voice: Voice) -> str:
    names = [voice.name(host) for host in hosts]
    name, windows = (
        " or ".join(names) if len(names) <= FEW else f"one of {listed(names)}",
        voice.windows(one.windows, FEW),
    )
    if one.kind is OfferKind.SLOT:
        return f"{name}, one more time in {windows}"
    if one.kind is OfferKind.REVIEW:
        return f"{name}, one more review ({_limits(one)}) in {windows}"
    if one.kind is OfferKind.SLOT_AND_REVIEW:
        return f"{name}, one more time and one more review for it in {windows}"
    if one.kind is OfferKind.ANYONE:
        return f"Anybody new who fits everyone, in {windows}"
    options = voice.tags.get(one.requirement, ())
    option = options[one.tag] if one.tag < len(options) else f"option {one.tag + 1}"
    return f"{name}, {option} as {one.requirement} as well"


def _limits(one: Offer) -> str:
    if not one.limits:
        return "beyond all limits"
    return listed([{"horizon": "in all", "week": "a week", "day": "a day"}[limit] for limit in one.limits], FEW)


def _gain(one: Offer, voice: Voice) -> str:
    more = f"{counted(one.adds, 'session')} more"
    if not one.students:
        return more
    if one.kind is OfferKind.TAG or len(one.students) == 1:
        return f"{more}, for {voice.listed(one.students)}"
    return f"{more}, for one of {voice.listed(one.students)}"


def package(told: Package, voice: Voice) -> str:
    """The best few asks together."""
    if not told.asks:
        return "No single further time or review of the professionals there are would add a session."
    asks = "; ".join(_asked(one, voice) for one in told.asks)
    sure = "no other set of so few adds more" if told.exact else f"no other set of so few adds over {told.bound:,}"
    return f"Best {counted(len(told.asks), 'thing')} to ask for: {asks}. Together {told.adds:,} more; {sure}."


def _asked(one: Ask, voice: Voice) -> str:
    what = "one more review" if one.kind is OfferKind.REVIEW else "a time"
    return f"{voice.name(one.professional) if one.professional else 'somebody new'}, {what}, {voice.window(one.window)}"


def blind(told: BlindSpots, voice: Voice) -> tuple[str, ...]:
    """Hours and options with demand and no supply, and the other way round."""
    said = []
    if told.no_supply:
        said.append(f"Wanted, but nobody has room: {_hours(told.no_supply, 'left_out', 'student')}.")
    if told.no_demand:
        said.append(f"Room, but nobody left out is free: {_hours(told.no_demand, 'open', 'professional')}.")
    if told.fields_without_supply:
        said.append(f"Wanted, but nobody with room offers it: {_fields(told.fields_without_supply, voice)}.")
    if told.fields_without_demand:
        said.append(f"Offered, but nobody asks for it: {_fields(told.fields_without_demand, voice)}.")
    return tuple(said)


def _hours(spots: tuple[HourSpot, ...], counts: str, noun: str) -> str:
    shown = [
        f"{weekday_ranges([one.weekday])} {one.hour:02}-{one.hour + 1:02} ({counted(getattr(one, counts), noun)})"
        for one in spots[:FEW]
    ]
    return _and_more(shown, len(spots))


def _fields(spots: tuple[FieldSpot, ...], voice: Voice) -> str:
    shown = []
    for one in spots[:FEW]:
        options = voice.tags.get(one.name, ())
        shown.append(options[one.tag] if one.tag < len(options) else f"{one.name} {one.tag + 1}")
    return _and_more(shown, len(spots))


def _and_more(shown: list[str], total: int) -> str:
    return "; ".join(shown) + (f" and {total - len(shown)} more in --json" if total > len(shown) else "")


def fragile(hosts: tuple[HostLoss, ...], slots: tuple[SlotLoss, ...], voice: Voice) -> tuple[str, ...]:
    """Who would be missed most, and how many sessions have no other place."""
    said = []
    worst = [one for one in hosts if one.lost][:FEW]
    if worst:
        told = "; ".join(f"{voice.name(one.professional)} ({one.lost} of {one.sessions})" for one in worst)
        said.append(f"Lost for good if somebody drops out and nobody else moves: {told}.")
    if slots:
        said.append(f"{counted(len(slots), 'session')} could go nowhere else if the slot fell away.")
    return tuple(said)


def question(told: Doubts, voice: Voice) -> str:
    """The one question worth asking."""
    if not told.people:
        return ""
    if not told.ask:
        rest = f" ({counted(told.untried, 'person', 'people')} not tried)" if told.untried else ""
        return f"No answer about a doubtful time would change a match{rest}."
    first = told.ask[0]
    who, when = voice.name(first.person), voice.windows(first.windows, FEW)
    return f"If you ask one question: is {who} free {when}? {_at_stake(first)}"


def _at_stake(doubt: Doubt) -> str:
    if doubt.change is None:
        return "A decision of staff rests on it."
    lost, all_changed = doubt.weight
    if lost > 0:
        return f"A no would cost {counted(lost, 'session')}."
    return f"A no would change {counted(all_changed, 'session')}."
