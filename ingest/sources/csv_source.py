"""CSV files as exported from a spreadsheet or saved by Excel: any of the usual encodings and separators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest.sheet import Form, Sheet, SourceError, sheet_rows, text_cell

MAX_BYTES = 50_000_000
MOST_NULS = 50
"""A file with more than one NUL in so many characters is no text."""
_SEPARATORS = (",", ";", "\t", "|")
_LONGEST_CELL = 10_000_000


def read_csv(path: Path, form: Form) -> Sheet:
    """The sheet in a CSV file, every cell as the text it holds. Raises `SourceError`."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise SourceError(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB")
        data = path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path} cannot be read: {error.strerror}") from None
    return parse_csv(data, path.name, form)


def parse_csv(data: bytes, name: str, form: Form) -> Sheet:
    """The sheet in the bytes of a CSV file. Raises `SourceError`."""
    text, notes = _decoded(data, name)
    if not text.strip():
        raise SourceError(f"{name} is empty: its first row must hold the question titles")
    first, separator = _separator(text)
    if separator != ",":
        notes = (*notes, f"the cells are separated by {'tabs' if separator == chr(9) else repr(separator)}")
    try:
        with _long_cells():
            records = list(csv.reader(io.StringIO(text[first:], newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SourceError(f"{name} is not valid CSV ({error}); export it again as CSV") from None
    cells = [tuple(text_cell(value) for value in record) for record in records[1:]]
    return Sheet(name, form, tuple(records[0]), sheet_rows(cells), notes=notes)


def _decoded(data: bytes, name: str) -> tuple[str, tuple[str, ...]]:
    notes: tuple[str, ...] = ()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding, notes = "utf-16", ("the file is UTF-16",)
    elif data.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    else:
        encoding = "utf-8"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise SourceError(f"{name} is damaged: it says {encoding} but is not; export it again as UTF-8") from None
        text, notes = _repaired(data)
    if text.count("\x00") * MOST_NULS > len(text):
        raise SourceError(f"{name} is not text in a known encoding; export it again as CSV UTF-8")
    return text, notes


def _repaired(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Text of a file that is not valid UTF-8: UTF-8 with single damaged bytes if it otherwise is, else Windows-1252."""
    text = data.decode("utf-8", "replace")
    if any(ord(char) > 127 and char != "\ufffd" for char in text):
        return text, ("some characters of the file are damaged; their cells are not read",)
    return data.decode("cp1252", "replace"), ("the file is not UTF-8; it is read as Windows-1252",)


def _separator(text: str) -> tuple[int, str]:
    """Where the header begins (after Excel's "sep=;" line, if any), and what separates its cells."""
    line, _, _ = text.partition("\n")
    declared = line.strip().strip('"').lower()
    if declared.startswith("sep=") and len(declared) == 5:
        return len(line) + 1, line.strip().strip('"')[4]
    widths = {separator: len(_header(text, separator)) for separator in _SEPARATORS}
    return 0, max(_SEPARATORS, key=lambda separator: widths[separator])


def _header(text: str, separator: str) -> list[str]:
    return next(csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=separator), [])


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module take cells as long as a bad export may hold; its limit is global, so put it back."""
    before = csv.field_size_limit(_LONGEST_CELL)
    try:
        yield
    finally:
        csv.field_size_limit(before)
