"""Within one run, what failed for a moment is tried again, never sooner than asked, never beyond the patience."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.backoff import FIRST_WAIT, LONGEST_JITTER, LONGEST_WAIT, SHORTEST_WAIT, wait_after
from publish.outbox import Sender
from publish.passes import Patience, carried
from publish.ports import Item, Outcome, PublishError, Receipt, State
from tests.publish.test_outbox import MemoryOutbox

START = datetime(2026, 3, 1, tzinfo=UTC)


class Timed(MemoryOutbox):
    """An outbox with a clock that only sleeping moves."""

    def __init__(self, items: Iterable[Item]) -> None:
        super().__init__(items)
        self.now = START
        self.slept: list[float] = []
        self.resting: dict[str, datetime] = {}
        self.tries: dict[str, int] = {}

    def due(self) -> list[Item]:
        return [item for item in super().due() if self.resting.get(item.key, self.now) <= self.now]

    def finish(self, key: str, outcome: Outcome) -> None:
        super().finish(key, outcome)
        self.tries[key] = self.tries.get(key, 0) + 1
        if isinstance(outcome, PublishError):
            self.resting[key] = self.now + wait_after(key, self.tries[key], outcome)

    def rests_until(self, key: str) -> datetime | None:
        return self.resting.get(key)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


class Moody:
    """Fails each item as told before it succeeds; remembers when it was asked."""

    def __init__(self, outbox: Timed, **moods: list[PublishError]) -> None:
        self.outbox, self.moods = outbox, moods
        self.asked: list[tuple[str, datetime]] = []
        self.sender = Sender(lambda items: [self.one(item) for item in items])

    def one(self, item: Item) -> Outcome:
        self.asked.append((item.key, self.outbox.now))
        left = self.moods.get(item.key, [])
        return left.pop(0) if left else Receipt(item.key)


def slow_down(seconds: float) -> PublishError:
    return PublishError("slow", permanent=False, retry_after=timedelta(seconds=seconds), blocks_channel=True)


def pending(*keys: str) -> list[Item]:
    return [Item(key, "calendar", {}) for key in keys]


def work(outbox: Timed, moody: Moody, seconds: float) -> list[str]:
    done = carried(outbox, {"calendar": moody.sender}, lambda: outbox.now, Patience(seconds, outbox.sleep))
    return [item.key for item, _ in done]


def test_a_rate_limit_is_waited_out_and_everything_goes_in_the_same_run() -> None:
    outbox = Timed(pending("a", "b", "c"))
    moody = Moody(outbox, a=[slow_down(30)])
    assert work(outbox, moody, 120) == ["a", "a", "b", "c"]
    assert set(outbox.states.values()) == {State.SENT}
    assert moody.asked[1][1] - START >= timedelta(seconds=30)


def test_what_asks_for_more_than_the_patience_is_left_for_the_next_run() -> None:
    outbox = Timed(pending("a", "b"))
    moody = Moody(outbox, a=[slow_down(86_400)])
    assert work(outbox, moody, 120) == ["a"]
    assert outbox.slept == []
    assert list(outbox.states.values()) == [State.PENDING, State.PENDING]


def test_what_only_a_person_can_mend_is_tried_once() -> None:
    outbox = Timed(pending("a", "b"))
    moody = Moody(outbox, a=[PublishError("bad token", permanent=True, blocks_channel=True)] * 9)
    assert work(outbox, moody, 120) == ["a"]
    assert outbox.slept == []


def test_an_item_that_rests_does_not_stop_the_others_of_its_channel() -> None:
    outbox = Timed(pending("a", "b"))
    moody = Moody(outbox, a=[PublishError("503", permanent=False, uncertain=True)])
    assert work(outbox, moody, 120) == ["a", "b", "a"]


def test_an_item_waits_for_its_channel_without_spinning() -> None:
    outbox = Timed(pending("a", "b"))
    moody = Moody(outbox, a=[PublishError("503", permanent=False)], b=[slow_down(60)])
    assert work(outbox, moody, 120)[:2] == ["a", "b"]
    assert set(outbox.states.values()) == {State.SENT}
    assert len(outbox.slept) == 1


def test_an_item_that_another_worker_took_is_not_waited_for() -> None:
    outbox = Timed(pending("a"))
    moody = Moody(outbox, a=[slow_down(5)])
    outbox_sleep = outbox.sleep

    def taken(seconds: float) -> None:
        outbox_sleep(seconds)
        outbox.states["a"] = State.SENT

    done = carried(outbox, {"calendar": moody.sender}, lambda: outbox.now, Patience(120, taken))
    assert [item.key for item, _ in done] == ["a"]
    assert len(outbox.slept) == 1


@pytest.mark.parametrize("patience", [0, 7, 60])
def test_the_patience_is_never_exceeded(patience: float) -> None:
    outbox = Timed(pending("a", "b"))
    forever = [PublishError("503", permanent=False) for _ in range(99)]
    work(outbox, Moody(outbox, a=forever, b=list(forever)), patience)
    assert sum(outbox.slept) <= patience


@given(st.text(max_size=20), st.integers(1, 60), st.one_of(st.none(), st.floats(0, 90_000)))
def test_waits_grow_with_jitter_and_keep_what_the_service_asked(key: str, attempts: int, asked: float | None) -> None:
    wish = None if asked is None else timedelta(seconds=asked)
    error = PublishError("x", permanent=False, retry_after=wish)
    wait = wait_after(key, attempts, error)
    assert wait == wait_after(key, attempts, error)
    if wish is not None:
        assert max(SHORTEST_WAIT, wish) <= wait <= max(SHORTEST_WAIT, wish) + LONGEST_JITTER
    else:
        plain = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(attempts - 1, 20))
        assert plain * 0.74 <= wait <= plain * 1.26


def test_one_item_that_seems_to_block_its_channel_does_not_keep_the_others_back_for_good() -> None:
    outbox, sent = Timed(pending("a", "b")), []

    def send(items: Sequence[Item]) -> list[Outcome]:
        if items[0].key == "a":
            return [PublishError("the CalDAV server answered 403", permanent=True, blocks_channel=True)]
        sent.append(items[0].key)
        return [Receipt("b")]

    for _ in range(12):  # an hour of `serve`
        list(carried(outbox, {"calendar": Sender(send)}, lambda: outbox.now))
        outbox.now += timedelta(minutes=5)
    assert sent == ["b"]


def test_a_service_that_asks_for_no_wait_at_all_is_not_asked_in_a_row_without_a_breath() -> None:
    error = PublishError("429", permanent=False, retry_after=timedelta(0), blocks_channel=True)
    assert wait_after("k", 1, error) >= SHORTEST_WAIT


def test_two_items_do_not_come_back_in_the_same_instant() -> None:
    error = PublishError("x", permanent=False)
    assert len({wait_after(f"k{n}", 1, error) for n in range(50)}) == 50
