from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingest.columns import COLUMNS
from ingest.fit import EXPERIENCE, FIELD, FORMAT, INDUSTRY, MET_BEFORE
from ingest.forms.fields import SYNONYMS
from ingest.sheet import Form
from optimizer.domain import SHARED_TIME

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "inputs.md").read_text(encoding="utf-8")


def rows(heading: str) -> dict[str, str]:
    """The table under a heading: first cell -> the rest of the line."""
    part = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    lines = [line.strip("| ").split(" | ", 1) for line in part.splitlines() if line.startswith("| ")]
    return {cells[0]: cells[1] for cells in lines[2:]}


@pytest.mark.parametrize("form", Form)
def test_every_column_is_documented_with_its_other_titles(form: Form) -> None:
    table = rows(form.value.capitalize())
    documented = {re.findall(r"`([^`]+)`", cell)[0]: (cell, rest) for cell, rest in table.items()}
    assert list(documented) == [column.title for column in COLUMNS[form]]
    for column in COLUMNS[form]:
        cell, rest = documented[column.title]
        assert cell.endswith("*") == column.vital
        assert all(f"`{alias}`" in rest for alias in column.aliases)


def test_the_table_of_words_is_the_codes() -> None:
    assert rows("Words for industries") == {option: ", ".join(words) for option, words in SYNONYMS.items()}


def test_every_rule_and_quality_part_is_documented() -> None:
    names = {name.strip("`") for name in rows("Hard rules and quality parts")}
    assert names == {FORMAT, INDUSTRY, SHARED_TIME, FIELD, EXPERIENCE, MET_BEFORE}
