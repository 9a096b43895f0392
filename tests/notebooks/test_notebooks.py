"""The notebooks run from top to bottom on the sample data, by the public interface alone, without outputs in git."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).resolve().parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
SAYS = {
    "1_availability": r"Half of the students are free for \d+ hours",
    "2_tonight": r"a session given to somebody else +False",
    "3_fairness": r"Memory alone moves Gini's coefficient of the load from 0\.\d\d to 0\.\d\d",
    "4_recruiting": r"Ask first for \w{3} \d\d:00 \(\d+ students\)",
    "5_whatif": r"Both plans are proven best",
    "6_success": r"\d+ students asked, \d\d% of them have had a session",
}
"""A sentence of each, with figures that it computes."""
PICTURES = {"1_availability": 3, "2_tonight": 1, "3_fairness": 2, "4_recruiting": 4, "5_whatif": 1, "6_success": 4}
OUTSIDE = {"IPython.display", "dataclasses", "datetime", "matplotlib.pyplot", "pandas", "sys", "zoneinfo"}
OURS = {"backend.analysis", "optimizer"}

every = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def outputs(notebook: Any, kind: str) -> list[str]:
    return [
        part["data"][kind]
        for cell in notebook.cells
        if cell.cell_type == "code"
        for part in cell.outputs
        if kind in part.get("data", {})
    ]


def code(path: Path) -> list[str]:
    return [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]


def test_there_are_the_six() -> None:
    assert [path.stem for path in NOTEBOOKS] == list(SAYS)


@every
def test_notebooks_carry_no_outputs(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    assert [cell.id for cell in notebook.cells if cell.get("outputs") or cell.get("execution_count")] == []
    assert "widgets" not in notebook.metadata


@every
def test_notebooks_begin_with_a_title_and_explain_themselves(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert cells[0].source.startswith(f"# {path.stem.split('_')[0]}. ")
    assert "made-up" in cells[0].source or "made up" in cells[0].source
    assert sum(cell.cell_type == "markdown" for cell in cells) * 3 >= len(cells)


@every
def test_notebooks_import_the_public_interface_alone(path: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse("\n".join(code(path)))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    assert found <= OUTSIDE | OURS


@every
def test_notebooks_type_no_figure_that_they_could_compute(path: Path) -> None:
    told = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown")
    assert not re.findall(r"\d+ (?:of \d+ )?(?:sessions|students|professionals)\b", told)


@every
def test_notebooks_run_and_show_what_they_say(path: Path) -> None:
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=240, resources={"metadata": {"path": str(FOLDER)}}).execute()
    assert re.search(SAYS[path.stem], "\n".join(outputs(notebook, "text/plain")))
    assert len(outputs(notebook, "image/png")) == PICTURES[path.stem]
    assert len(outputs(notebook, "text/html")) >= 3
    assert [part for cell in notebook.cells for part in cell.get("outputs", []) if "name" in part] == []
