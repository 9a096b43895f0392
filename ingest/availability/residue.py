"""What was not understood, as exact stretches of the text."""

from __future__ import annotations

from ingest.availability.statements import Said

_JOINING = frozenset(
    ("MAYBE", "FILL", "AND", "OR", "POS", "EVERY", "ANY", "APPROX", "TIMEZONEWORD", "DASH", "SO", "YES", "ACT")
)


def unparsed_ranges(said: Said, wrong: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Token ranges [start, end) to report: unknown words with the small words around them, and what was wrong."""
    items = said.items
    ranges: list[tuple[int, int]] = list(wrong)
    marked = sorted(said.residue)
    position = 0
    while position < len(marked):
        low = high = marked[position]
        while low > 0 and items[low - 1].kind in _JOINING and items[low - 1].kind not in ("DASH", "AND", "OR"):
            low -= 1
        while position + 1 < len(marked) and all(
            items[j].kind in _JOINING for j in range(high + 1, marked[position + 1])
        ):
            position += 1
            high = marked[position]
        end = high + 1
        while end < len(items) and items[end].kind in ("FILL", "POS", "EVERY"):
            end += 1
        if end == len(items) or items[end].kind in ("HARD", "COMMA", "CLOSE", "QUESTION", "BUT"):
            high = end - 1
        ranges.append((items[low].start, items[high].end))
        position += 1
    return _joined(ranges)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out
