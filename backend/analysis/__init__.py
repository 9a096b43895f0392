"""Analysis for people: nights, fairness over weeks, and years of a program as pandas tables and charts.

    from backend.analysis import charts, own_night, record_history

    own_night().sessions()
    record_history(own_settings()).by("month")

This is the whole interface that notebooks use, beside `optimizer`. It works inside Jupyter. Imported on first use, so
that a part does not load the others.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from backend.analysis import charts, supply
    from backend.analysis.history import History, meanings, read_history, record_history, sample_history
    from backend.analysis.saying import Said, say
    from backend.analysis.tonight import NightView, own_night, own_settings, sample_night
    from backend.analysis.weeks import Weeks, sample_weeks

_HOME = {
    "History": "history",
    "NightView": "tonight",
    "Said": "saying",
    "Weeks": "weeks",
    "meanings": "history",
    "own_night": "tonight",
    "own_settings": "tonight",
    "read_history": "history",
    "record_history": "history",
    "sample_history": "history",
    "sample_night": "tonight",
    "sample_weeks": "weeks",
    "say": "saying",
}

__all__ = [
    "History",
    "NightView",
    "Said",
    "Weeks",
    "charts",
    "meanings",
    "own_night",
    "own_settings",
    "read_history",
    "record_history",
    "sample_history",
    "sample_night",
    "sample_weeks",
    "say",
    "supply",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in ("charts", "supply"):
        return import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
