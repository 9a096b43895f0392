"""What starts the program by itself: systemd units and a crontab, made for this folder, user and night.

Why nights are safe: a night is one local date that turns at noon, and `run` does nothing for one that is finished. So a
night that was missed (the machine was off) is caught up once, by whatever starts `run` first until noon, and a clock
change that doubles an hour runs nothing twice. Each command holds its own lock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from backend.settings import Settings

MORNING = 6
"""The hour, on the program's clock, of the last try of a night."""

_HEAD = "# Made by `run_matching.py units`; docs/operate.md says how to install it.\n"


@dataclass(frozen=True)
class Place:
    """Where it runs. `time`: of the night, "HH:MM" on the program's clock. `secrets`: a file of NAME=value lines."""

    folder: Path
    python: Path
    user: str
    time: str
    secrets: Path


def unit_files(settings: Settings, place: Place) -> Mapping[str, str]:
    """File name -> content."""
    zone = settings.program.zone
    minute, hours = _times(place)
    nightly = "\n".join(f"OnCalendar=*-*-* {hour:02d}:{minute:02d}:00 {zone}" for hour in hours)
    files = {
        "matching-run.service": _once(place, "run", "The nightly matching"),
        "matching-run.timer": _timer(f"{nightly}\nPersistent=true", "The nightly matching"),
        "matching-remind.service": _once(place, "remind", "Reminders of sessions"),
        "matching-remind.timer": _timer("OnCalendar=*:0/5", "Reminders of sessions"),
        "matching-serve.service": _always(place, "serve", "The web server of the matching"),
        "matching-bot.service": _always(place, "bot", "The Discord bot of the matching"),
        "crontab": _crontab(settings, place),
    }
    if settings.publish.calendar_id:
        files["matching-sync.service"] = _once(place, "sync", "What people did in Google Calendar")
        files["matching-sync.timer"] = _timer("OnCalendar=*:0/10", "What people did in Google Calendar")
    if settings.publish.skip_notice_hours:
        before = (_hour_of(place) - settings.publish.skip_notice_hours) % 24
        when = f"OnCalendar=*-*-* {before:02d}:{minute:02d}:00 {zone}"
        files["matching-skip-notice.service"] = _once(place, "skip-notice", "You are in tonight's match")
        files["matching-skip-notice.timer"] = _timer(when, "You are in tonight's match")
    return dict(sorted(files.items()))


def _hour_of(place: Place) -> int:
    """The hour of the night's first try."""
    return int(place.time.partition(":")[0])


def _service(place: Place, command: str, about: str, kind: str) -> str:
    return (
        f"{_HEAD}[Unit]\nDescription={about}\nWants=network-online.target\nAfter=network-online.target\n"
        f"\n[Service]\n{kind}User={place.user}\nWorkingDirectory={place.folder}\n"
        f"EnvironmentFile=-{place.secrets}\nExecStart={place.python} run_matching.py {command}\n"
        f"UMask=0077\nNoNewPrivileges=true\nPrivateTmp=true\nProtectSystem=full\n"
    )


def _once(place: Place, command: str, about: str) -> str:
    return _service(place, command, about, "Type=oneshot\n")


def _always(place: Place, command: str, about: str) -> str:
    kind = "Restart=on-failure\nRestartSec=10\nKillSignal=SIGINT\nSuccessExitStatus=130\n"
    return _service(place, command, about, kind) + "\n[Install]\nWantedBy=multi-user.target\n"


def _timer(when: str, about: str) -> str:
    return f"{_HEAD}[Unit]\nDescription={about}\n\n[Timer]\n{when}\n\n[Install]\nWantedBy=timers.target\n"


def _times(place: Place) -> tuple[int, list[int]]:
    """Minute and hours: the night, an hour later and in the morning, for a night that found Google away (exit 75)."""
    hour, minute = (int(part) for part in place.time.split(":"))
    return minute, sorted({hour, (hour + 1) % 24, MORNING})


def _crontab(settings: Settings, place: Place) -> str:
    """Cron forgets what it missed; the later tries catch it up."""
    minute, hours = _times(place)
    start = f"cd {place.folder} && set -a && . {place.secrets} && {place.python} run_matching.py"
    lines = [
        f"CRON_TZ={settings.program.zone}",
        f"{minute} {','.join(map(str, hours))} * * *  {start} run",
        f"*/5 * * * *  {start} remind",
    ]
    if settings.publish.calendar_id:
        lines.append(f"*/10 * * * *  {start} sync")
    if settings.publish.skip_notice_hours:
        before = (_hour_of(place) - settings.publish.skip_notice_hours) % 24
        lines.append(f"{minute} {before} * * *  {start} skip-notice")
    return _HEAD + "\n".join(lines) + "\n"
