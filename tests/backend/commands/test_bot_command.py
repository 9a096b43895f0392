"""`bot` says what it lacks, and hands over what it has."""

from __future__ import annotations

from pathlib import Path

import pytest

import run_matching
from backend.commands import main
from backend.nightly.exits import Exit
from backend.settings import Settings, SettingsError, from_mapping


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("DISCORD_TOKEN", "BOT_SHARED_SECRET"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)


def test_a_missing_token_or_key_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bot"]) == Exit.USAGE
    assert "DISCORD_TOKEN is not set" in capsys.readouterr().err
    monkeypatch.setenv("DISCORD_TOKEN", "t")
    assert main(["bot"]) == Exit.USAGE
    assert "BOT_SHARED_SECRET is not set" in capsys.readouterr().err


def test_the_bot_is_started_with_its_two_secrets_and_the_settings(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "matching.toml").write_text('[bot]\nprefix = "?"\n')
    monkeypatch.setenv("DISCORD_TOKEN", "the-token")
    monkeypatch.setenv("BOT_SHARED_SECRET", "the-key")
    started: list[tuple[str, str, Settings]] = []

    def start(token: str, key: str, settings: Settings) -> str:
        started.append((token, key, settings))
        return "Discord refused" if len(started) > 1 else ""

    assert main(["bot"], start_bot=start) == Exit.DONE
    assert [(token, key, given.bot.prefix) for token, key, given in started] == [("the-token", "the-key", "?")]
    assert main(["bot"], start_bot=start) == Exit.ERROR
    told = capsys.readouterr()
    assert "Discord refused" in told.err
    assert "the-token" not in told.err + told.out


def test_run_matching_hands_the_settings_over(monkeypatch: pytest.MonkeyPatch) -> None:
    given = from_mapping({"bot": {"guilds": ["200000000000000001"], "staff_channels": ["300000000000000002"]}})
    monkeypatch.setattr("bot.running.run", lambda config: f"{config.prefix}{sorted(config.guilds)}{config.api_url}")
    assert run_matching.start_bot("t", "k", given) == "![200000000000000001]http://127.0.0.1:8000"


@pytest.mark.parametrize("url", ["http://match.example.org", "ftp://127.0.0.1", "127.0.0.1:8000"])
def test_the_key_does_not_travel_in_the_clear(url: str) -> None:
    with pytest.raises(SettingsError, match="api_url"):
        from_mapping({"bot": {"api_url": url}})
