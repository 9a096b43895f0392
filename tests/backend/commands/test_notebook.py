"""`notebook` finds the notebooks, copies them out of git and starts JupyterLab on this machine only.

JupyterLab itself is no part of what tests install: a stand-in of its name writes down how it was called.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from backend.analysis.tonight import ROOT
from backend.commands import main
from backend.nightly.exits import Exit

STAND_IN = """
import json, os, sys, pathlib
names = ("PYTHONPATH", "MATCHING_SETTINGS")
told = {"arguments": sys.argv[1:], **{name: os.environ.get(name, "") for name in names}}
pathlib.Path(os.environ["TOLD"]).write_text(json.dumps(told))
sys.exit(int(os.environ.get("ENDS", "0")))
"""


@pytest.fixture
def jupyter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "installed"
    place.mkdir()
    (place / "jupyterlab.py").write_text(STAND_IN)
    monkeypatch.syspath_prepend(str(place))
    monkeypatch.setenv("PYTHONPATH", str(place))
    monkeypatch.setenv("TOLD", str(tmp_path / "told.json"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_jupyterlab_it_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [place for place in sys.path if not (Path(place) / "jupyterlab").exists()])
    assert main(["notebook"]) == Exit.ERROR
    assert "make notebook" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_it_opens_copies_on_the_loopback_address_with_the_project_in_reach(jupyter: Path) -> None:
    (jupyter / "matching.toml").write_text('[program]\nkey = "demo"\n')
    assert main(["notebook", "success", "--no-browser", "--port", "9999"]) == Exit.DONE
    told = json.loads((jupyter / "told.json").read_text())
    copies = jupyter / "out" / "notebooks"
    assert {"--ServerApp.ip=127.0.0.1", f"--ServerApp.root_dir={copies}", "--no-browser"} <= set(told["arguments"])
    assert told["arguments"][-1] == str(copies / "6_success.ipynb")
    assert told["PYTHONPATH"].split(":")[0] == str(ROOT)
    assert told["MATCHING_SETTINGS"] == str(jupyter / "matching.toml")
    assert (copies / "6_success.ipynb").read_bytes() == (ROOT / "notebooks" / "6_success.ipynb").read_bytes()


def test_what_somebody_wrote_into_their_copy_stays_until_they_want_it_fresh(jupyter: Path) -> None:
    assert main(["notebook"]) == Exit.DONE
    mine = jupyter / "out" / "notebooks" / "1_availability.ipynb"
    mine.write_text("mine")
    assert main(["notebook"]) == Exit.DONE
    assert mine.read_text() == "mine"
    assert main(["notebook", "--fresh"]) == Exit.DONE
    assert mine.read_text() != "mine"


@pytest.mark.parametrize(("name", "told"), [("zzz", "no notebook is called"), ("a", "several notebooks fit")])
def test_a_name_that_is_none_or_several_is_refused(
    jupyter: Path, capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    assert main(["notebook", name]) == Exit.USAGE
    assert told in capsys.readouterr().err


def test_a_server_that_breaks_is_an_error(jupyter: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENDS", "1")
    assert main(["notebook", "1"]) == Exit.ERROR
