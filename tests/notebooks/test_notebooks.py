"""The notebooks run from top to bottom on the sample data, and carry no outputs in git."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def outputs(notebook: Any, kind: str) -> list[str]:
    return [
        part["data"][kind]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for part in cell.outputs
        if kind in part.get("data", {})
    ]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_carry_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert "widgets" not in notebook.metadata


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_begin_with_a_title_and_explain_themselves(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.startswith("# ")
    assert sum(cell.cell_type == "markdown" for cell in cells) * 3 >= len(cells)


def test_tonight_runs_and_shows_its_plan_and_proof() -> None:
    notebook = nbformat.read(FOLDER / "tonight.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(FOLDER)}}).execute()
    assert len(outputs(notebook, "text/html")) >= 7
    assert len(outputs(notebook, "image/png")) == 1
    said = "\n".join(outputs(notebook, "text/plain"))
    assert re.search(r"'\d+ sessions, \d+ students unmatched, proven best: True'", said)
    assert "'accepted'" in said
    assert re.search(r"a session given to somebody else +False", said)
    assert [part for cell in notebook.cells for part in cell.get("outputs", []) if "name" in part] == []
