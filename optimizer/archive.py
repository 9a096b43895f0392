"""Arrays and a JSON text in one zip, the same bytes for the same content: fixed order, no dates."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
TEXT = "about.json"


class ArchiveError(ValueError):
    """The bytes are not such an archive, or not of the kind and version asked for."""


def pack(kind: str, version: int, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> bytes:
    """`about` as `about.json`, every array as a `.npy` member (`numpy.load` reads those)."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        text = json.dumps({"kind": kind, "version": version, **about}, separators=(",", ":"), sort_keys=True)
        _put(archive, TEXT, text.encode())
        for name, array in arrays.items():
            content = io.BytesIO()
            np.lib.format.write_array(content, np.asarray(array), allow_pickle=False)
            _put(archive, f"{name}.npy", content.getvalue())
    return packed.getvalue()


def unpack(kind: str, version: int, content: bytes) -> tuple[Arrays, dict[str, Any]]:
    """The arrays and the JSON of `pack`. Raises `ArchiveError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            about = json.loads(archive.read(TEXT))
            names = [name for name in archive.namelist() if name != TEXT]
            read = np.lib.format.read_array
            arrays = {name.removesuffix(".npy"): read(io.BytesIO(archive.read(name))) for name in names}
    except (ValueError, OSError, EOFError, KeyError, zipfile.BadZipFile) as error:
        raise ArchiveError(f"not a {kind} file: {error}") from error
    if (about.get("kind"), about.get("version")) != (kind, version):
        raise ArchiveError(f"not a {kind} file of version {version}")
    return arrays, about


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content)
