"""`notebook`: the analysis notebooks, in an environment in which they find the project."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import click

from backend.analysis.tonight import ROOT, SETTINGS_FILE
from backend.commands.options import DEFAULT_FILE, settings_from, settings_option
from backend.commands.output import talk
from backend.nightly.exits import Exit, Stop

NOTEBOOKS = ROOT / "notebooks"
JUPYTER = "jupyterlab"
MISSING = (
    "JupyterLab is not installed. `make notebook` installs it into .venv and opens it; by hand:\n"
    "  python -m pip install --require-hashes -r requirements-notebook.lock"
)


@click.command(short_help="Open the analysis notebooks in JupyterLab, on this machine only")
@click.argument("name", required=False)
@click.option("--port", type=click.IntRange(1, 65535), default=8888, show_default=True, help="The next free one from.")
@click.option("--no-browser", is_flag=True, help="Only print the address.")
@click.option("--fresh", is_flag=True, help="Throw your copies away and begin with the notebooks as they come.")
@settings_option
def notebook(name: str | None, port: int, no_browser: bool, fresh: bool, settings_file: Path | None) -> int:
    """Open the notebooks, or the one called NAME (a number or part of its name). Stop with Ctrl-C.

    They are copied to OUT_DIR/notebooks first, which git ignores: what you run there may show names.

    \b
    Example:
      python run_matching.py notebook success
    """
    chosen = _chosen(name)
    settings = settings_from(settings_file)
    if importlib.util.find_spec(JUPYTER) is None:
        raise Stop(Exit.ERROR, MISSING)
    folder = _copies(Path(settings.out_dir).resolve() / "notebooks", fresh=fresh)
    talk(f"notebook: your copies are in {folder}")
    place = (settings_file or DEFAULT_FILE).resolve()
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]),
        **({SETTINGS_FILE: str(place)} if place.exists() else {}),
    }
    return _jupyter(folder, chosen, port, environment, no_browser=no_browser)


def _chosen(name: str | None) -> Path | None:
    """The notebook that is meant. Raises `Stop(USAGE)`."""
    known = sorted(NOTEBOOKS.glob("*.ipynb"))
    if name is None:
        return None
    fitting = [one for one in known if name.removesuffix(".ipynb") in (one.stem, one.stem.split("_")[0])]
    fitting = fitting or [one for one in known if name.casefold() in one.stem]
    if len(fitting) != 1:
        listed = ", ".join(one.stem for one in fitting or known)
        raise Stop(Exit.USAGE, f"{'several notebooks fit' if fitting else 'no notebook is called'} {name!r}: {listed}")
    return fitting[0]


def _copies(folder: Path, *, fresh: bool) -> Path:
    """The user's own copies, made where they have none yet."""
    folder.mkdir(parents=True, exist_ok=True)
    for one in NOTEBOOKS.glob("*.ipynb"):
        if fresh or not (folder / one.name).exists():
            shutil.copyfile(one, folder / one.name)
    return folder


def _jupyter(folder: Path, chosen: Path | None, port: int, environment: dict[str, str], *, no_browser: bool) -> int:
    """On the loopback address, behind Jupyter's own token; until it ends."""
    command = [
        sys.executable,
        "-m",
        JUPYTER,
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        f"--ServerApp.root_dir={folder}",
        "--ServerApp.allow_remote_access=False",
        *(["--no-browser"] if no_browser else []),
        *([str(folder / chosen.name)] if chosen else []),
    ]
    try:
        ended = subprocess.run(command, env=environment, cwd=folder, check=False)  # noqa: S603 - our own command
    except KeyboardInterrupt:
        return int(Exit.DONE)
    return int(Exit.ERROR if ended.returncode > 0 else Exit.DONE)
