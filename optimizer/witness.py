"""The proof that goes with a plan: one integer potential per node of the network and tier, and its file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

FORMAT = 1
Ints = NDArray[np.int64]


class WitnessError(ValueError):
    """The file is not a witness this version can read."""


@dataclass(frozen=True, eq=False)
class Witness:
    """Potentials by tier (rows) and node (columns); the sink's are 0.

    `students` (K x S), `professionals` (K x P); `slots`, `days`, `weeks` belong to the nodes in `slot_keys`
    (professional, cell), `day_keys` and `week_keys` (professional, ordinal of the date or of the week's Monday).
    A day or week without an entry shares the potential of the node above it. `draw` counts the tie-break's keys.
    """

    draw: int
    students: Ints
    professionals: Ints
    week_keys: Ints
    weeks: Ints
    day_keys: Ints
    days: Ints
    slot_keys: Ints
    slots: Ints

    def to_bytes(self) -> bytes:
        """A zip of `.npy` arrays (`numpy.load` reads it), same witness same bytes: no dates, fixed order."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            _put(archive, "format", np.array(FORMAT))
            for one in fields(self):
                _put(archive, one.name, np.asarray(getattr(self, one.name), dtype="<i8"))
        return packed.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Witness:
        """Reads `to_bytes`. Raises `WitnessError`."""
        try:
            with np.load(io.BytesIO(content), allow_pickle=False) as archive:
                found = {name: archive[name] for name in archive.files}
        except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
            raise WitnessError(f"not a witness file: {error}") from error
        names = [one.name for one in fields(cls)]
        if sorted(found) != sorted(["format", *names]) or int(found["format"]) != FORMAT:
            raise WitnessError("not a witness of this version")
        return cls(int(found["draw"]), **{name: found[name].astype(np.int64) for name in names if name != "draw"})

    def save(self, path: Path) -> None:
        path.write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: Path) -> Witness:
        return cls.from_bytes(path.read_bytes())


def _put(archive: zipfile.ZipFile, name: str, array: NDArray[np.generic]) -> None:
    content = io.BytesIO()
    np.lib.format.write_array(content, array, allow_pickle=False)
    entry = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content.getvalue())
