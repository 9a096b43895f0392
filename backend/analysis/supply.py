"""Where help is missing and whom to ask for it, as tables; each figure from the exact answers of the optimizer."""

from __future__ import annotations

import pandas as pd

from backend.analysis.tonight import NightView
from backend.nightly.asking import OPTIONS
from backend.nightly.document import DAYS
from optimizer.domain import Interval, zone_info
from optimizer.explain.blind_spots import field_spots, hour_spots
from optimizer.explain.offers import Offer, OfferKind, Offers
from optimizer.explain.packages import UNIT, best_package
from optimizer.explain.resilience import host_losses

HOURLY = ("left_out", "students", "professionals", "open", "sessions")


def hours(view: NightView, what: str) -> pd.DataFrame:
    """Hours x weekdays on the program's clock: people with a bookable time in them at any date of the horizon.

    `what`: "left_out" (students without a session), "students", "professionals", "open" (professionals who could take
    one more then) or "sessions". Raises `ValueError` for another.
    """
    if what not in HOURLY:
        raise ValueError(f"{what!r} is none of {', '.join(HOURLY)}")
    spots = hour_spots(Offers(view.desk.prepared))
    rows = [(one.hour, DAYS[one.weekday], getattr(one, what)) for one in spots]
    table = pd.DataFrame(rows, columns=["hour", "day", "people"])
    wide = table.pivot_table(index="hour", columns="day", values="people", fill_value=0, aggfunc="sum")
    return wide.reindex(columns=list(DAYS), fill_value=0).astype(int)


def options(view: NightView, rule: str = "industry") -> pd.DataFrame:
    """By option of a hard rule ("industry", "meeting format"): students who name it, professionals who offer it."""
    named = OPTIONS[rule]
    rows = {
        named[one.tag]: {
            "students": one.students,
            "without a session": one.left_out,
            "professionals": one.professionals,
            "of them with room": one.open,
        }
        for one in field_spots(Offers(view.desk.prepared))
        if one.name == rule and one.tag < len(named)
    }
    return pd.DataFrame(rows).T.rename_axis(rule)


def asks(view: NightView, most: int = 40) -> pd.DataFrame:
    """Single things to ask for, each with the sessions it would add tonight: the best first."""
    offers = Offers(view.desk.prepared)
    found = [one for kind in OfferKind for one in offers.listed(kind, most)]
    found.sort(key=lambda one: -one.adds)
    rows = [(view.name(one.professional) or "somebody new", _what(one), _when(view, one), one.adds) for one in found]
    return pd.DataFrame(rows, columns=["who", "asked for", "when", "adds"])


def packages(view: NightView, most: int = 6, *, newcomers: bool = True) -> pd.DataFrame:
    """The best 1, 2, ... things to ask for together: how many sessions they add, and which they are.

    `proven`: no other set of so few adds more. `newcomers`: one review with somebody new counts as a thing to ask for.
    """
    kinds = UNIT if newcomers else UNIT - {OfferKind.ANYONE}
    rows = []
    for count in range(1, most + 1):
        told = best_package(view.desk.prepared, count, kinds)
        each = [f"{view.name(one.professional) or 'somebody new'} {_at(view, one.window)}" for one in told.asks]
        rows.append((count, told.adds, told.exact, "; ".join(each)))
    return pd.DataFrame(rows, columns=["asks", "adds", "proven", "for example"]).set_index("asks")


def losses(view: NightView) -> pd.DataFrame:
    """What hangs on one person: sessions of each professional, and how many nobody else could take over."""
    told = host_losses(view.desk.prepared)
    rows = [(view.name(one.professional), one.sessions, one.lost) for one in told]
    return pd.DataFrame(rows, columns=["professional", "sessions", "lost for good"])


def _what(one: Offer) -> str:
    if one.kind is OfferKind.TAG:
        known = OPTIONS.get(one.requirement, ())
        return f"{known[one.tag] if one.tag < len(known) else one.tag} as {one.requirement}"
    return {
        OfferKind.SLOT: "one more time",
        OfferKind.REVIEW: "one more review",
        OfferKind.SLOT_AND_REVIEW: "one more time and one more review",
        OfferKind.ANYONE: "one review, for anybody",
    }[one.kind]


def _when(view: NightView, one: Offer) -> str:
    shown = [_at(view, window) for window in one.windows[:3]]
    return "; ".join(shown) + (f" and {len(one.windows) - 3} more" if len(one.windows) > 3 else "")


def _at(view: NightView, window: Interval) -> str:
    start, end = (moment.astimezone(zone_info(view.zone)) for moment in (window.start, window.end))
    return f"{start:%a %d %b %H:%M}-{end:%H:%M}"
