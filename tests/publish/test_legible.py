"""A Discord message as it is read elsewhere."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from publish.legible import legible
from publish.message import discord_text
from publish.text import one_line


def test_marks_go_and_times_are_written_out_in_the_zone_given() -> None:
    said = "**Bold** at <t:1772463600:F> (<t:1772463600:R>), <t:1772463600:t>"
    text = f"{said}\nReport: <https://r.example/a_b*c>\n-# #K3F9QX"
    assert legible(text, "Europe/Berlin").split("\n") == [
        "Bold at Mon 2 March 2026, 16:00 (Europe/Berlin), Mon 2 March 2026, 16:00 (Europe/Berlin)",
        "Report: https://r.example/a_b*c",
        "#K3F9QX",
    ]


@given(st.text(st.sampled_from("\\*_`<>t:1F/@#-() ab") | st.characters(), max_size=60))
def test_what_somebody_typed_reads_as_they_typed_it(typed: str) -> None:
    assert legible(discord_text(typed), "UTC") == one_line(typed, 60)
