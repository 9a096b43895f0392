"""A bounded sample of the crash test; `python -m benchmarks.crash` kills at every step and 500 times at least."""

from __future__ import annotations

from benchmarks.crash.rounds import Kill, Rounds


def test_whoever_is_killed_while_sending_leaves_each_channels_promise_whole() -> None:
    with Rounds(seed=1) as rounds:
        rounds.round(False, (Kill(step=2),))
        rounds.round(False, (Kill(request=4, after=True),))
        rounds.round(True, (Kill(request=2, after=True), Kill(step=9)))
        assert rounds.faults == []
        assert sum(rounds.kills.values()) == 4
        assert rounds.repeats["e-mails sent again, under the same Message-ID"] >= 1
