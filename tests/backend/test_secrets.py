"""Secrets come from the environment or from files with tight modes, and never show in errors."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.secrets import SecretError, secret


def secret_file(folder: Path, text: str, mode: int) -> Path:
    path = folder / "token"
    path.write_text(text)
    path.chmod(mode)
    return path


def test_the_environment_wins_when_alone() -> None:
    assert secret("TOKEN", {"TOKEN": "abc"}) == "abc"


def test_nothing_set_is_none() -> None:
    assert secret("TOKEN", {}) is None


def test_a_tight_file_is_read(tmp_path: Path) -> None:
    assert secret("TOKEN", {"TOKEN_FILE": str(secret_file(tmp_path, "abc\n", 0o600))}) == "abc"


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_a_file_others_can_read_is_refused_without_showing_it(tmp_path: Path, mode: int) -> None:
    with pytest.raises(SecretError, match="chmod 600") as caught:
        secret("TOKEN", {"TOKEN_FILE": str(secret_file(tmp_path, "hush-hush", mode))})
    assert "hush" not in str(caught.value)


def test_an_empty_or_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="is empty"):
        secret("TOKEN", {"TOKEN_FILE": str(secret_file(tmp_path, " \n", 0o600))})
    with pytest.raises(SecretError, match="cannot be read"):
        secret("TOKEN", {"TOKEN_FILE": str(tmp_path / "none")})


def test_two_places_for_one_secret_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SecretError, match="keep one"):
        secret("TOKEN", {"TOKEN": "abc", "TOKEN_FILE": str(tmp_path / "x")})
