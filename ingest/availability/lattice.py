"""The best way to cut a text into items: every rule proposes, the cheapest path through the text wins.

Each candidate has a price: explicit readings are cheap, guesses dearer, a word nobody understands dearest, so the
path with the best coverage, then explicitness, then fewest repairs is the shortest one (Viterbi over a lattice).
The work is linear: a bounded number of candidates of bounded length starts at each token.
"""

from __future__ import annotations

from ingest.availability.asides import ASIDE_RULES, amount_rule, names_a_day
from ingest.availability.dates import DATE_RULES, dates_rule, nth_rule
from ingest.availability.days import DAY_RULES, days_rule
from ingest.availability.items import Candidate, Item, Rule
from ingest.availability.lexed import Lexed
from ingest.availability.periods import PERIOD_RULES, span_rule
from ingest.availability.times import TIME_RULES, duration_rule, point_rule, range_rule
from ingest.availability.words import WORD_RULES, list_number_rule, separator_rule
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
# Where no phrase of the vocabulary starts, the kind of token says which rules are worth asking.
_BY_KIND: dict[str, tuple[Rule, ...]] = {
    "word": (days_rule, list_number_rule),
    "num": (
        range_rule,
        point_rule,
        duration_rule,
        dates_rule,
        nth_rule,
        span_rule,
        list_number_rule,
        amount_rule,
    ),
    "nl": (separator_rule,),
    "other": (separator_rule, point_rule),
}


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


def _rules(lexed: Lexed, i: int) -> tuple[Rule, ...]:
    """The rules that can start at a token: all of them only where the vocabulary knows the word."""
    if lexed.at[i]:
        return RULES
    return _BY_KIND.get(lexed.tokens[i].kind, RULES)


def _candidates(lexed: Lexed, i: int) -> list[Candidate]:
    token = lexed.tokens[i]
    flags = names_a_day(token.text) if len(token.text) > 5 else ()
    found = [Candidate(i + 1, "UNKNOWN", None, UNKNOWN_COST, flags)]
    for rule in _rules(lexed, i):
        for candidate in rule(lexed, i):
            if candidate.end > lexed.size:
                continue
            found.append(candidate)
    lexed.steps += len(found)
    return found
