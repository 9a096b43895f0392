"""A small night through every fault at once; `python -m benchmarks.storm` does 300 students and 100 professionals."""

from __future__ import annotations

from benchmarks.storm.night import compare


def test_a_night_through_all_faults_at_once_ends_as_a_clean_one() -> None:
    told: list[str] = []
    assert compare((24, 8), 3, 1, told.append), told
    for trouble in (
        "403 rateLimitExceeded",
        "429",
        "500",
        "503",
        "reset",
        "lost",
        "slow",
        "expired",
        "duplicate",
        "quota",
    ):
        assert trouble in told[-2]
    assert "2 nights" in told[-3], "the quota that was used up made nobody wait for the next day"
