"""The best way to cut a text into items: every rule proposes, the cheapest path through the text wins.

Each candidate has a price: explicit readings are cheap, guesses dearer, a word nobody understands dearest, so the
path with the best coverage, then explicitness, then fewest repairs is the shortest one (Viterbi over a lattice).
The work is linear: a bounded number of candidates of bounded length starts at each token.
"""

from __future__ import annotations

from ingest.availability.asides import ASIDE_RULES
from ingest.availability.dates import DATE_RULES
from ingest.availability.days import DAY_RULES
from ingest.availability.items import Candidate, Item
from ingest.availability.lexed import Lexed
from ingest.availability.periods import PERIOD_RULES
from ingest.availability.times import TIME_RULES
from ingest.availability.words import WORD_RULES
from ingest.availability.zonerules import ZONE_RULES

RULES = (
    *TIME_RULES,
    *DAY_RULES,
    *DATE_RULES,
    *PERIOD_RULES,
    *WORD_RULES,
    *ASIDE_RULES,
    *ZONE_RULES,
)
UNKNOWN_COST = 10.0


def best_items(lexed: Lexed) -> list[Item]:
    """The items of the cheapest path, in order, covering every token."""
    size = lexed.size
    costs = [0.0] + [float("inf")] * size
    chosen: list[tuple[int, Candidate] | None] = [None] * (size + 1)
    for i in range(size):
        for candidate in _candidates(lexed, i):
            cost = costs[i] + candidate.cost
            if cost < costs[candidate.end] - 1e-9:
                costs[candidate.end] = cost
                chosen[candidate.end] = (i, candidate)
    items: list[Item] = []
    end = size
    while end > 0:
        step = chosen[end]
        assert step is not None, "every token has at least the unknown reading"
        start, candidate = step
        items.append(Item(candidate.kind, candidate.value, start, end, candidate.flags))
        end = start
    items.reverse()
    return items


def _candidates(lexed: Lexed, i: int) -> list[Candidate]:
    found = [Candidate(i + 1, "UNKNOWN", None, UNKNOWN_COST)]
    for rule in RULES:
        for candidate in rule(lexed, i):
            if candidate.end > lexed.size:
                continue
            found.append(candidate)
    lexed.steps += len(found)
    return found
