"""Backups of the record: one private file that holds the database and the key that signs links.

SQLite is copied by its own online backup while others go on working; PostgreSQL by pg_dump and pg_restore, which must
be installed.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from backend.nightly.exits import Exit, Stop
from backend.record.django_settings import SQLITE_FILE, DatabaseUrlError, database_of
from backend.record.setup import DATABASE_URL
from backend.secrets import SecretError, secret

FORMAT = "matching-backup/1"
META, KEY, DUMP = "backup.json", "secret_key", "record.dump"
_PAGES = 512


def save(state_dir: Path, target: Path, now: datetime) -> None:
    """Write a backup to `target`, readable by its owner alone. Raises `Stop`."""
    database = _database(state_dir)
    with tempfile.TemporaryDirectory() as folder:
        copy = _copied(database, Path(folder))
        meta = json.dumps({"format": FORMAT, "made_at": now.isoformat(), "database": copy.name})
        beside = target.with_name(f".{target.name}.new")
        try:
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                with tarfile.open(fileobj=file, mode="w:gz") as archive:
                    _add(archive, META, meta.encode())
                    archive.add(copy, arcname=copy.name, filter=_private)
                    if (state_dir / KEY).exists():
                        archive.add(state_dir / KEY, arcname=KEY, filter=_private)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, target)
        except OSError as error:
            beside.unlink(missing_ok=True)
            raise Stop(Exit.ERROR, f"{target} cannot be written: {error.strerror}") from None


def checked(source: Path) -> None:
    """Raises `Stop` when the file is no backup, or a damaged one."""
    with tempfile.TemporaryDirectory() as folder:
        _unpacked(source, Path(folder))


def restore(state_dir: Path, source: Path) -> None:
    """Put a backup in the place of the record. Raises `Stop` before anything is changed when it cannot be used."""
    database = _database(state_dir)
    with tempfile.TemporaryDirectory() as folder:
        meta = _unpacked(source, Path(folder))
        sqlite = database["ENGINE"].endswith("sqlite3")
        if (meta["database"] == SQLITE_FILE) is not sqlite:
            other = f"unset {DATABASE_URL}" if not sqlite else f"set {DATABASE_URL}"
            raise Stop(Exit.USAGE, f"{source} is of another kind of database than the one in use; {other} for it")
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sqlite:
            _copy_sqlite(Path(folder) / SQLITE_FILE, Path(database["NAME"]))
        else:
            _run(["pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "-d", database["NAME"],
                  str(Path(folder) / DUMP)], database)  # fmt: skip
        if (Path(folder) / KEY).exists():
            data = (Path(folder) / KEY).read_bytes()
            with open(os.open(state_dir / KEY, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(data)


def set_aside(state_dir: Path, now: datetime) -> Path | None:
    """Keep the record that is there: as a backup, or as the files they are when it is damaged. None: there is none."""
    stamp = f"{now:%Y-%m-%dT%H%M%S.%f}"
    if not has_record(state_dir):
        return None
    kept = state_dir / f"before-restore-{stamp}.tar.gz"
    try:
        save(state_dir, kept, now)
    except Stop:
        if not _database(state_dir)["ENGINE"].endswith("sqlite3"):
            raise
        kept = state_dir / f"damaged-{stamp}"
        kept.mkdir(mode=0o700)
        for part in state_dir.glob(f"{SQLITE_FILE}*"):
            part.rename(kept / part.name)
    return kept


def has_record(state_dir: Path) -> bool:
    """Whether a restore would replace something; with PostgreSQL that is taken for granted."""
    return not _database(state_dir)["ENGINE"].endswith("sqlite3") or (state_dir / SQLITE_FILE).exists()


def _database(state_dir: Path) -> dict[str, Any]:
    try:
        return database_of(state_dir, secret(DATABASE_URL))
    except (SecretError, DatabaseUrlError) as error:
        raise Stop(Exit.USAGE, str(error)) from None


def _copied(database: Mapping[str, Any], folder: Path) -> Path:
    if not database["ENGINE"].endswith("sqlite3"):
        _run(["pg_dump", "--format=custom", "--no-owner", "-f", str(folder / DUMP), database["NAME"]], database)
        return folder / DUMP
    place = Path(database["NAME"])
    if not place.exists():
        raise Stop(Exit.USAGE, f"there is no record at {place}: nothing to back up")
    _copy_sqlite(place, folder / SQLITE_FILE)
    return folder / SQLITE_FILE


def _copy_sqlite(source: Path, target: Path) -> None:
    """Through SQLite itself on both sides: whoever has either file open sees a whole database at each moment."""
    if not target.exists():
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT, 0o600))
    try:
        with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target, timeout=20)) as new:
            old.backup(new, pages=_PAGES)
            sound = new.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise Stop(Exit.ERROR, f"{source} cannot be copied: {error}; stop `serve` and `bot`, and try again") from None
    if sound != ("ok",):
        raise Stop(Exit.ERROR, f"{source} is damaged")


def _unpacked(source: Path, folder: Path) -> dict[str, str]:
    """Nothing but the known names is taken out of the archive."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for name in (META, KEY, SQLITE_FILE, DUMP):
                file = archive.extractfile(name) if name in archive.getnames() else None
                if file is not None:
                    with open(os.open(folder / name, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                        while piece := file.read(1 << 20):
                            out.write(piece)
        meta: dict[str, str] = json.loads((folder / META).read_bytes())
        known = meta["format"] == FORMAT and (folder / meta["database"]).exists()
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise Stop(Exit.USAGE, f"{source} is no backup of this program, or not a whole one")
    if meta["database"] == SQLITE_FILE:
        with closing(sqlite3.connect(folder / SQLITE_FILE)) as database:
            try:
                sound = database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            except sqlite3.DatabaseError:
                sound = False
        if not sound:
            raise Stop(Exit.ERROR, f"the record in {source} is damaged; nothing was changed")
    return meta


def _run(command: list[str], database: Mapping[str, Any]) -> None:
    """PostgreSQL's own tool; the password travels in the environment, where other users do not see it."""
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    given = {name: str(database[key]) for name, key in names.items() if database[key]}
    if "sslmode" in database["OPTIONS"]:
        given["PGSSLMODE"] = str(database["OPTIONS"]["sslmode"])
    try:
        done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise Stop(Exit.ERROR, f"{command[0]} is not installed: apt-get install postgresql-client") from None
    if done.returncode:
        raise Stop(Exit.ERROR, f"{command[0]} ended with code {done.returncode}; nothing was changed by this program")


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = _private(tarfile.TarInfo(name))
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _private(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.mode, info.uid, info.gid, info.uname, info.gname = 0o600, 0, 0, "", ""
    return info
