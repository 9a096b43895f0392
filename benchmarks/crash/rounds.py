"""Rounds: a booked night, a process that works off its outbox and is killed, another that goes on, the comparison."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.crash import child
from benchmarks.crash.promises import broken, repeats
from benchmarks.crash.world import Seen, World

MEMORY = Path("/dev/shm")  # noqa: S108 - only if it is there; a folder of our own is made in it
CLAIMS_RUN_OUT = timedelta(minutes=11)
MOST_RESTARTS = 4
PATIENCE_SECONDS = 120
Say = Callable[[str], None]


@dataclass(frozen=True)
class Kill:
    """When to kill: at a step of the record, at a request (before or after it took effect), or after some seconds."""

    step: int = 0
    request: int = 0
    after: bool = False
    seconds: float = -1.0

    @property
    def kind(self) -> str:
        if self.step:
            return "at a step of the record"
        if self.request:
            return "after a request took effect" if self.after else "before a request took effect"
        return "at a random moment"


class Rounds:
    """Rounds in which invitations go by Google Calendar, and in which they go by mail. Use it in a `with` block.

    `faults` are the broken promises, each with its round.
    """

    def __init__(self, seed: int = 0, folder: Path | None = None) -> None:
        self._random = random.Random(seed)
        self._home = folder or (MEMORY if MEMORY.is_dir() else None)
        self._fork = multiprocessing.get_context("forkserver")
        self._fork.set_forkserver_preload(["benchmarks.crash.warm"])
        self._clean: dict[bool, Seen] = {}
        self._seconds: dict[bool, float] = {}
        self._steps: dict[bool, int] = {}
        self._requests: dict[bool, int] = {}
        self.kills: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self.faults: list[str] = []

    def __enter__(self) -> Self:
        self._folder = Path(tempfile.mkdtemp(prefix="crash-", dir=self._home))
        for mail in (False, True):
            self._prepare(mail)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self._folder)

    def every_step(self, say: Say, every: int = 1) -> None:
        """A round for each step of the record and each request, or each `every`-th; what goes on is killed once too."""
        for mail in (False, True):
            plans = [Kill(step=step) for step in range(1, self._steps[mail] + 1)]
            for number in range(1, self._requests[mail] + 1):
                plans += [Kill(request=number), Kill(request=number, after=True)]
            for number, plan in enumerate(plans[::every], start=1):
                again = Kill(seconds=self._random.uniform(0, self._seconds[mail]))
                self.round(mail, (plan, again))
                if not number % 20:
                    say(f"{self._name(mail)}: {number} of {len(plans[::every])} steps; {self._so_far()}")

    def random_moments(self, rounds: int, say: Say) -> None:
        """Kill at random moments, and the process that goes on once more, until there were so many kills."""
        missed = 0
        while sum(self.kills.values()) < rounds and missed < 10 * rounds:
            mail = bool(self._random.getrandbits(1))
            moments = (self._random.uniform(0, self._seconds[mail]) for _ in range(2))
            before = sum(self.kills.values())
            self.round(mail, tuple(Kill(seconds=moment) for moment in moments))
            missed += sum(self.kills.values()) == before
            say(f"random: {self._so_far()}")

    def round(self, mail: bool, plan: tuple[Kill, ...]) -> None:
        """One night: killed as planned, gone on with until everything is done, compared with a clean one."""
        world, folder = World(), self._night(mail)
        with world.running() as at:
            later = timedelta(0)
            for kill in plan:
                self._killed(world, folder, mail, at, later, kill)
                later += CLAIMS_RUN_OUT
                world.discord.forget_nonces()
            for _ in range(MOST_RESTARTS):
                self._run(folder, mail, at, later)
                later += CLAIMS_RUN_OUT
                seen = world.seen(folder)
                if set(seen.outbox.values()) <= {"sent", "dead"}:
                    break
        self.repeats.update(repeats(seen))
        self.faults += [f"{self._name(mail)}, {plan}: {fault}" for fault in broken(seen, self._clean[mail])]
        shutil.rmtree(folder)

    def _so_far(self) -> str:
        return f"{sum(self.kills.values())} kills, {len(self.faults)} broken promises"

    def report(self) -> str:
        """What was done and found."""
        lines = [f"{sum(self.kills.values())} kills"]
        lines += [f"  {number:>5} {kind}" for kind, number in sorted(self.kills.items())]
        lines += [f"  {number:>5} {what}" for what, number in sorted(self.repeats.items())]
        return "\n".join([*lines, f"{len(self.faults)} broken promises", *self.faults])

    def _killed(
        self, world: World, folder: Path, mail: bool, at: child.Addresses, later: timedelta, kill: Kill
    ) -> None:
        world.trap.place, world.trap.after_commit, world.trap.seen = kill.request, kill.after, 0
        process = self._start(folder, mail, at, later, kill.step)
        world.trap.pid = process.pid or 0
        if kill.seconds >= 0:
            time.sleep(kill.seconds)
            process.kill()
        process.join(PATIENCE_SECONDS)
        world.trap.place = world.trap.pid = 0
        if process.exitcode == -9:
            self.kills[kill.kind] += 1
        elif process.exitcode != 0:
            self.faults.append(f"{self._name(mail)}, {kill}: the process ended with {process.exitcode}")

    def _run(self, folder: Path, mail: bool, at: child.Addresses, later: timedelta) -> None:
        process = self._start(folder, mail, at, later, 0)
        process.join(PATIENCE_SECONDS)
        if process.exitcode != 0:
            self.faults.append(f"{self._name(mail)}: the process that went on ended with {process.exitcode}")

    def _start(self, folder: Path, mail: bool, at: child.Addresses, later: timedelta, step: int) -> ForkServerProcess:
        process = self._fork.Process(target=child.deliver, args=(folder, mail, at, later, step))
        process.start()
        return process

    def _prepare(self, mail: bool) -> None:
        """Book the night once, and see what a run without a crash does, and in how many steps."""
        made = self._fork.Process(target=child.prepare, args=(self._folder / self._name(mail), mail))
        made.start()
        made.join(PATIENCE_SECONDS)
        assert made.exitcode == 0, "the night could not be booked"
        world, folder = World(), self._night(mail)
        with world.running() as at:
            began = time.monotonic()
            self._run(folder, mail, at, timedelta(0))
            self._seconds[mail] = time.monotonic() - began
            self._requests[mail] = world.trap.seen
            self._clean[mail] = world.seen(folder)
        self._steps[mail] = 4 * len(self._clean[mail].outbox)
        assert set(self._clean[mail].outbox.values()) == {"sent"}, self._clean[mail].outbox
        assert not self.faults, self.faults
        shutil.rmtree(folder)

    def _night(self, mail: bool) -> Path:
        """A copy of the booked night."""
        target = Path(tempfile.mkdtemp(prefix="round-", dir=self._folder))
        for file in (self._folder / self._name(mail)).glob("*.sqlite3*"):
            shutil.copy(file, target)
        return target

    @staticmethod
    def _name(mail: bool) -> str:
        return "by mail" if mail else "by Google Calendar"
