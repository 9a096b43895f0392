from __future__ import annotations

import pytest

from ingest.forms.row import one_line


@pytest.mark.parametrize("mark", [*"\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"])
def test_a_direction_override_does_not_reach_what_is_shown(mark: str) -> None:
    assert one_line(f"Ann {mark}Ito") == "Ann Ito"


def test_joined_emoji_stay_joined_and_whitespace_collapses() -> None:
    assert one_line("Ann\t \U0001f469\u200d\U0001f4bb\n Ito\x07") == "Ann \U0001f469\u200d\U0001f4bb Ito"
