"""matching.toml is strict: a fault names its key and the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.settings import Settings, SettingsError, from_mapping, load

ROOT = Path(__file__).resolve().parents[2]


def test_the_projects_own_file_loads() -> None:
    settings = load(ROOT / "matching.toml")
    assert settings.program.zone == "America/New_York"
    assert settings.publish.enabled is False


def test_publishing_is_off_by_default() -> None:
    assert Settings().publish.enabled is False


def test_an_unknown_key_names_the_nearest_known_one() -> None:
    with pytest.raises(
        SettingsError, match=r"matching\.notice_hour: unknown key; the nearest known key is 'notice_hours'"
    ):
        from_mapping({"matching": {"notice_hour": 3}})


def test_an_unknown_section_is_an_error() -> None:
    with pytest.raises(SettingsError, match="nearest known key is 'publish'"):
        from_mapping({"publsh": {}})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("program", "zone", "Mars/Olympus"),
        ("program", "key", "Has Spaces"),
        ("matching", "session_minutes", 25),
        ("matching", "grid_minutes", 7),
        ("matching", "notice_hours", -1),
        ("policy", "alpha", "greedy"),
        ("publish", "enabled", "perhaps"),
        ("publish", "discord_channel_id", "general"),
        ("guards", "sheet_shrink_share", 3),
        ("program", "organizer_email", "reviews"),
        ("publish", "calendar_calls_per_minute", 5),
        ("mail", "sender", "reviews"),
        ("mail", "sender", "Reviews <reviews@program.example>"),
        ("mail", "sender", "reviews@pr\u00f6gram.example"),
    ],
)
def test_a_bad_value_names_its_key(section: str, key: str, value: object) -> None:
    with pytest.raises(SettingsError, match=rf"{section}\.{key}"):
        from_mapping({section: {key: value}})


def test_all_faults_are_listed_at_once() -> None:
    with pytest.raises(SettingsError) as caught:
        from_mapping({"program": {"zone": "X"}, "matching": {"horizon_days": 0}})
    assert "program.zone" in str(caught.value)
    assert "matching.horizon_days" in str(caught.value)


def test_broken_toml_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "matching.toml"
    path.write_text("[program\n")
    with pytest.raises(SettingsError, match=r"matching\.toml is not valid TOML"):
        load(path)


def test_a_missing_file_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path / "none.toml")


def test_a_fault_in_a_list_of_tables_names_its_place_and_the_known_keys() -> None:
    with pytest.raises(SettingsError, match=r"pins\.1\.studnet: unknown key; the nearest known key is 'student'"):
        from_mapping({"pins": [{"student": "a", "professional": "b"}, {"studnet": "a", "professional": "b"}]})
