"""The proof that goes with a plan: one integer potential per node of the network and tier, and its file."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from optimizer.archive import ArchiveError, pack, unpack
from optimizer.relaxed_witness import Multipliers

FORMAT = 3
Ints = NDArray[np.int64]
POTENTIALS = ("students", "professionals", "week_keys", "weeks", "day_keys", "days", "slot_keys", "slots")


class WitnessError(ValueError):
    """The file is not a witness this version can read."""


@dataclass(frozen=True, eq=False)
class Witness:
    """Potentials by tier (rows) and node (columns); the sink's are 0.

    `students` (K x S), `professionals` (K x P); `slots`, `days`, `weeks` belong to the nodes in `slot_keys`
    (professional, cell), `day_keys` and `week_keys` (professional, ordinal of the date or of the week's Monday).
    A day or week without an entry shares the potential of the node above it. `draw` counts the tie-break's keys.
    The potentials prove the first `settled` tiers best, and bound the others.
    `packings`: the bounds of the parts of the night that are no flow, in the order of `structure.parts`, which also
    says how people are numbered in a part; the potentials then belong to the first part.
    """

    draw: int
    settled: int
    students: Ints
    professionals: Ints
    week_keys: Ints
    weeks: Ints
    day_keys: Ints
    days: Ints
    slot_keys: Ints
    slots: Ints
    packings: tuple[Multipliers, ...] = ()

    def to_bytes(self) -> bytes:
        """A zip of `.npy` arrays (see `archive.py`), the same bytes for the same witness."""
        arrays = {name: getattr(self, name) for name in POTENTIALS}
        for place, one in enumerate(self.packings):
            arrays |= {f"part{place}_{each.name}": getattr(one, each.name) for each in fields(one)}
        return pack(
            "witness", FORMAT, arrays, {"draw": self.draw, "settled": self.settled, "packings": len(self.packings)}
        )

    @classmethod
    def from_bytes(cls, content: bytes) -> Witness:
        """Reads `to_bytes`. Raises `WitnessError`."""
        try:
            arrays, about = unpack("witness", FORMAT, content)
        except ArchiveError as error:
            raise WitnessError(str(error)) from error
        numbers = {name: array.astype(np.int64) for name, array in arrays.items()}
        try:
            packings = tuple(
                Multipliers(**{one.name: numbers.pop(f"part{place}_{one.name}") for one in fields(Multipliers)})
                for place in range(int(about["packings"]))
            )
        except KeyError as error:
            raise WitnessError("a witness file with other arrays") from error
        if set(numbers) != set(POTENTIALS):
            raise WitnessError("a witness file with other arrays")
        return cls(int(about["draw"]), int(about["settled"]), **numbers, packings=packings)

    def save(self, path: Path) -> None:
        path.write_bytes(self.to_bytes())

    @classmethod
    def load(cls, path: Path) -> Witness:
        return cls.from_bytes(path.read_bytes())
