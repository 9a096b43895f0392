"""Nights ahead, on a world of two professionals and few kinds of students."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from backend.backtest.ahead import ways
from backend.backtest.ahead.drawing import arrivals
from backend.backtest.ahead.evening import Asking, evening
from backend.backtest.ahead.figures import MEASURES, spreads
from backend.backtest.ahead.telling import chart, table
from backend.backtest.ahead.ways import Fate, Run, Way, walk
from backend.backtest.ahead.world import World, WorldError, world_of
from optimizer import Policy, solve
from optimizer.domain import Problem, Requirement, Session, SlotGrid, zone_info
from optimizer.domain.promises import KeptSession
from optimizer.selection import only

ZONE = "America/New_York"
MONDAY = date(2026, 10, 26)
"""The clocks of New York go back on Sunday, 1 November."""
NIGHTLY, TWICE, AT_ONCE = Way("nightly", tuple(range(7))), Way("Mon+Thu", (0, 3)), Way("at once", ())


def question(first: date = MONDAY, waits: Sequence[int] = (3, 0, 9)) -> Problem:
    """Two weeks of hours. Students: Monday 10 h, Wednesday 10-12 h, never; professionals: Mon 10 h, Wed 10 and 11 h."""
    grid = SlotGrid.of_days(first, 14, 60, ZONE)
    local = [start.astimezone(zone_info(ZONE)) for start in grid.starts]
    places = np.array([(at.weekday(), at.hour) for at in local])

    def at(weekday: int, *hours: int) -> np.ndarray:
        return 3 * ((places[:, 0] == weekday) & np.isin(places[:, 1], hours)).astype(np.uint8)

    return Problem(
        students=tuple(f"s{k}" for k in range(len(waits))),
        professionals=("p0", "p1"),
        grid=grid,
        student_free=np.stack([at(0, 10), at(2, 10, 11), 0 * at(0)][: len(waits)]),
        professional_free=np.stack([at(0, 10), at(2, 10, 11)]),
        capacity_horizon=np.array([4, 4]),
        capacity_week=np.array([1, 2]),
        waiting_days=np.array(waits),
        bookable=(places[:, 1] >= 8) & (places[:, 1] < 21),
        requirements=(Requirement("format", np.ones(len(waits), np.uint64), np.ones(2, np.uint64)),),
    )


def asking(world: World, kind: int, day: int) -> Asking:
    return Asking(f"a{kind}-{day}", world.kinds[kind], day, day)


def local_start(session: Session) -> tuple[date, int]:
    at = session.start.astimezone(zone_info(ZONE))
    return at.date(), at.hour


def test_the_world_is_counted_from_the_questions_of_the_past() -> None:
    world = world_of([question()])
    assert (world.queue, world.days, len(world.kinds)) == (3, 14, 3)
    assert world.per_day == pytest.approx(3 / (9 + 1))
    assert np.flatnonzero(world.hours).tolist() == list(range(8, 21))
    assert world.hosts[0, 0, 10] == world.hosts[0, 7, 10] == 3
    assert world_of([question()], 2.5).per_day == 2.5
    earlier = replace(question(date(2026, 10, 25)), students=("old", "s1", "s2"))
    joined = world_of([earlier, question()])
    assert len(joined.kinds) == 4
    assert joined.kinds[3].weekday == 6


def test_a_past_without_people_is_refused() -> None:
    nobody = only(question(), np.zeros(3, dtype=bool), np.ones(2, dtype=bool))
    with pytest.raises(WorldError, match="no students"):
        world_of([nobody])


@pytest.mark.parametrize("day", range(9))
def test_whoever_arrives_is_free_on_the_same_weekdays_and_clock_times(day: int) -> None:
    world = world_of([question()])
    asked = evening(world, day, [asking(world, 0, day)], ())
    free = {
        (at.weekday(), at.hour)
        for at, cell in zip(asked.grid.starts, asked.student_free[0], strict=True)
        for at in [at.astimezone(zone_info(ZONE))]
        if cell
    }
    assert free == {(0, 10)}
    hosts = {
        at.astimezone(zone_info(ZONE)).hour
        for at, cell in zip(asked.grid.starts, asked.professional_free[1], strict=True)
        if cell
    }
    assert hosts == {10, 11}
    assert asked.waiting_days.tolist() == [0]


def test_times_end_with_the_horizon_of_their_arrival() -> None:
    world = world_of([question()])
    late = evening(world, 13, [asking(world, 0, 0)], ())
    assert not late.student_free[:, late.grid.day > world.first_day + 13].any()
    run = walk(world, Way("never", (8,)), [[asking(world, 2, 0)], *[[]] * 15], Policy(), lambda: None)
    assert run.fates == (Fate(0, left=14),)


def test_booked_sessions_take_times_and_the_week() -> None:
    world = world_of([question()])
    (session,) = solve(evening(world, 0, [asking(world, 0, 0)], ()), Policy()).plan.sessions
    assert local_start(session) == (MONDAY, 10)
    rival = [replace(asking(world, 0, 0), name="rival")]
    (second,) = solve(evening(world, 0, rival, [session]), Policy()).plan.sessions
    assert local_start(second)[0] == date(2026, 11, 2)
    taken = replace(world.base, kept=(KeptSession("p0", session.interval),))
    (third,) = solve(evening(replace(world, base=taken), 0, rival, ()), Policy()).plan.sessions
    assert third.start == second.start


@pytest.mark.parametrize(
    "way", [NIGHTLY, TWICE, AT_ONCE, replace(NIGHTLY, asks=2)], ids=lambda way: f"{way.name}{way.asks}"
)
def test_every_way_keeps_the_promises(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    world = world_of([question()], 1.5)
    booked: list[Session] = []
    solved = ways._solved

    def noting(problem: Problem, policy: Policy) -> object:
        solution = solved(problem, policy)
        if not way.asks:
            booked.extend(solution.plan.sessions)
        return solution

    monkeypatch.setattr(ways, "_solved", noting)
    run = walk(world, way, arrivals(world, 10, 1, 0), Policy(), lambda: None)
    assert len({(one.professional, one.start) for one in booked}) == len(booked)
    weeks = Counter((one.professional, world.base.grid.week_of(one.start)) for one in booked)
    assert all(number <= {"p0": 1, "p1": 2}[host] for (host, _), number in weeks.items())
    told = [fate for fate in run.fates if fate.told is not None]
    assert told
    assert all(fate.arrived <= fate.told and fate.session is not None and fate.session >= fate.told for fate in told)
    if way.due:
        assert {(world.first_day + fate.told - 1) % 7 for fate in told} <= set(way.due)
    if not way.asks:
        assert len(booked) == len(told)
        assert run.asked == 0


def test_asks_that_are_granted_add_sessions() -> None:
    world = world_of([question(waits=(3, 0))], 2.0)
    drawn = arrivals(world, 8, 3, 0)
    plain, asked = (walk(world, way, drawn, Policy(), lambda: None) for way in (NIGHTLY, replace(NIGHTLY, asks=3)))
    served = [sum(fate.told is not None for fate in run.fates) for run in (plain, asked)]
    assert asked.asked > 0
    assert served[1] > served[0]


def test_alone_means_the_best_session_of_the_whole_question() -> None:
    world = world_of([question()])
    everybody = [asking(world, kind, 0) for kind in range(3)]
    asked = evening(world, 0, everybody, ())
    found = {one.student: one for one in ways._one_by_one(asked, Policy())}
    for i, name in enumerate(asked.students):
        alone = only(asked, np.arange(3) == i, np.ones(2, dtype=bool))
        best = solve(alone, Policy()).plan.sessions
        assert [(one.professional, one.start) for one in best] == [
            (one.professional, one.start) for one in [found.get(name)] if one
        ]


def test_the_same_seed_draws_the_same_people() -> None:
    world = world_of([question()], 2.0)
    one, same, other = (arrivals(world, 5, *given) for given in ((1, 0), (1, 0), (1, 1)))
    assert one == same
    assert one != other
    assert [asked.day for asked in one[0][:3]] == [-4, -1, -10]


def test_measures_by_hand() -> None:
    fates = (
        Fate(-3, told=0, session=2),
        Fate(0, told=0, session=4),
        Fate(1, told=4, session=9),
        Fate(2, left=7),
        Fate(9),
    )
    told = spreads([Run(fates, 2), Run(fates, 4)], 10)
    mean = {name: spread.mean for name, spread in told.items()}
    assert mean["sessions"] == 3
    assert mean["arrived"] == 4
    assert mean["matched"] == 2 / 4
    assert (mean["within_0"], mean["within_3"], mean["within_7"]) == (1 / 4, 2 / 3, 2 / 3)
    assert (mean["wait_median"], mean["wait_p90"], mean["to_session"]) == (1.5, 3, 6)
    assert mean["in_queue"] == (0 + 3 + 5 + 0) / 4
    assert (told["asked"].least, told["asked"].most) == (2, 4)
    nobody = spreads([Run((), 0)], 10)
    assert nobody["wait_median"].mean is None


def test_the_table_fits_80_columns_and_the_chart_is_a_picture() -> None:
    fates = (Fate(0, told=12, session=40), Fate(1, told=1, session=1))
    runs = [Run(fates, 12), Run(fates[:1], 11)]
    told = {name: spreads(runs, 100) for name in ("nightly", "Mon+Thu", "at once", "with asks")}
    lines = table(told)
    assert max(map(len, lines)) <= 80
    assert len(lines) > len(MEASURES)
    assert chart(told).startswith(b"\x89PNG")
