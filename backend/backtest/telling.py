"""A backtest in words and numbers for whoever decides about the settings: lines of at most 80 columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.backtest.outcome import NightResult, mean_fit
from backend.backtest.replaying import LeftOut
from backend.backtest.verdict import Line
from backend.report.words import counted

LABEL, NUMBER = 34, 10
NOTES = (
    "Each night is the question as it was stored that night, solved both ways: what another plan would have meant for "
    "later nights is not carried on. A student who waits is asked about again each night. Fit is measured with the "
    "same weights on both sides.",
)


def table(lines: Sequence[Line]) -> list[str]:
    """One line a measure, a heading first."""
    head = f"{'':<{LABEL}}{'before':>{NUMBER}}{'after':>{NUMBER}}{'change':>{NUMBER}}"
    return [head, *(_line(line) for line in lines)]


def _line(line: Line) -> str:
    row = line.row
    before, after = (f"{value:,.{row.digits}f}" for value in (line.before, line.after))
    change = line.change
    told = f"{change:+,.{row.digits}f}" if change else "same"
    judged = "" if not change else "  better" if change * row.better > 0 else "  worse"
    judged = "  too much worse" if line.refused else judged
    return f"{row.label:<{LABEL}}{before:>{NUMBER}}{after:>{NUMBER}}{told:>{NUMBER}}{judged}"


def people(results: Sequence[NightResult]) -> str:
    """What the change would have meant to people, over all nights."""
    moved, gained, lost = (sum(getattr(one.moves, name) for one in results) for name in ("moved", "gained", "lost"))
    if not moved + gained + lost:
        return "Nobody would have had another session."
    parts = [f"{counted(moved, 'student')} would have met somebody else or at another time"] if moved else []
    parts += [f"{counted(gained, 'student')} would have had a session more"] if gained else []
    parts += [f"{counted(lost, 'student')} would have had none instead of one"] if lost else []
    return f"{'; '.join(parts)}."


def nights_table(results: Sequence[NightResult]) -> list[str]:
    """Night by night."""
    head = f"{'night':<12}{'asked':>7}{'matched':>16}{'mean fit':>18}{'moved':>9}{'gained':>9}{'lost':>7}"
    return [head, *(_night(one) for one in results)]


def _night(one: NightResult) -> str:
    matched = f"{one.before.matched} -> {one.after.matched}"
    fit = f"{mean_fit([one.before]):.1f} -> {mean_fit([one.after]):.1f}"
    moves = one.moves
    return f"{one.night:<12}{one.students:>7}{matched:>16}{fit:>18}{moves.moved:>9}{moves.gained:>9}{moves.lost:>7}"


def sure(results: Sequence[NightResult], left_out: Sequence[LeftOut]) -> str:
    """How far the numbers can be relied on."""
    open_nights = sum(not one.proven for one in results)
    said = "Every plan is proven best under its rules." if not open_nights else ""
    said = said or f"On {counted(open_nights, 'night')} a plan is the best found, not proven in every rule."
    return said + "".join(f" {one.night} is left out: {one.reason}." for one in left_out)


def gate(lines: Sequence[Line]) -> str:
    """The verdict on a change that waits to go live."""
    refused = [line for line in lines if line.refused]
    if not refused:
        return "Gate: passed. Nothing is worse by more than is let pass."
    said = "; ".join(  # how much, and how much would do
        f"{line.row.label} worse by {line.worse:,.{line.row.digits}f} (let pass: {line.tolerance:g})"
        for line in refused
    )
    return f"Gate: refused. {said}."


def document(
    labels: tuple[str, str], results: Sequence[NightResult], left_out: Sequence[LeftOut], lines: Sequence[Line]
) -> dict[str, Any]:
    """Format "matching-backtest/1"; names nobody."""
    return {
        "format": "matching-backtest/1",
        "before": labels[0],
        "after": labels[1],
        "measures": [
            {
                "name": line.row.name,
                "label": line.row.label,
                "before": round(line.before, 4),
                "after": round(line.after, 4),
                "worse_by": round(line.worse, 4),
                "tolerance": line.tolerance,
                "refused": line.refused,
            }
            for line in lines
        ],
        "nights": [
            {
                "night": one.night,
                "run": one.run,
                "students": one.students,
                "matched": [one.before.matched, one.after.matched],
                "mean_fit": [round(mean_fit([side]), 2) for side in (one.before, one.after)],
                "days_waited": [one.before.waited, one.after.waited],
                "nobody": [one.before.nobody, one.after.nobody],
                "load_gini": [one.before.load_gini, one.after.load_gini],
                "moved": one.moves.moved,
                "gained": one.moves.gained,
                "lost": one.moves.lost,
                "proven": one.proven,
            }
            for one in results
        ],
        "left_out": [{"night": one.night, "reason": one.reason} for one in left_out],
    }
