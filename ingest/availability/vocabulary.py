"""The words of the grammar: phrase -> what it can mean. Other modules never spell words out."""

from __future__ import annotations

from typing import NamedTuple

from ingest.availability.lexicon import TABLE
from ingest.availability.zones import zone_phrases

WEEKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
EVERY_DAY = (0, 1, 2, 3, 4, 5, 6)


class Entry(NamedTuple):
    """One meaning of a phrase that starts at a token: `length` tokens further it ends."""

    kind: str
    value: object
    length: int


_DAYS = {
    0: "mon mons monday mondays monday's",
    1: "tue tues tuesday tuesdays tuesday's",
    2: "wed weds wednesday wednesdays wednesday's",
    3: "thu thur thurs thursday thursdays thursday's",
    4: "fri fris friday fridays friday's",
    5: "sat sats saturday saturdays saturday's",
    6: "sun suns sunday sundays sunday's",
}
_MONTHS = {
    1: "jan january",
    2: "feb february",
    3: "mar march",
    4: "apr april",
    5: "may",
    6: "jun june",
    7: "jul july",
    8: "aug august",
    9: "sep sept september",
    10: "oct october",
    11: "nov november",
    12: "dec december",
}
_NUMBER_WORDS = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty
"""


def _load() -> dict[str, list[tuple[tuple[str, ...], str, object]]]:
    phrases: dict[str, list[tuple[tuple[str, ...], str, object]]] = {}

    def add(phrase: str, kind: str, value: object) -> None:
        words = tuple(phrase.split())
        if words:
            phrases.setdefault(words[0], []).append((words, kind, value))

    for kind_of, table in (("DAY", _DAYS), ("MONTH", _MONTHS)):
        for number, names in table.items():
            for name in names.split():
                add(name, kind_of, number)
    for number, name in enumerate(_NUMBER_WORDS.split()):
        add(name, "NUMBER", number)
    for line in TABLE.strip().splitlines():
        head, _, names = line.partition(":")
        kind, _, value = head.partition("|")
        for name in names.split(","):
            add(name.strip(), kind, value)
    for name, zone in zone_phrases().items():
        add(name, "ZONE", zone)
    for options in phrases.values():
        options.sort(key=lambda option: -len(option[0]))
    return phrases


PHRASES = _load()
KNOWN_WORDS = frozenset(word for options in PHRASES.values() for words, _, _ in options for word in words)
