"""The program's rules for judging plans: which wishes count, in which order, and how fit becomes integer levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

MOST_LEVELS = 100
LARGEST_ALPHA = 16.0
LEXIMIN: Literal["leximin"] = "leximin"


class PolicyError(ValueError):
    """The policy contradicts itself or names a quality part the problem does not have."""


@dataclass(frozen=True)
class Policy:
    """How plans are judged. The tiers are fixed, and their order but for volunteers, fit and load; these are the knobs.

    `quality_weights`: whole numbers >= 0 by part name (`SHARED_TIME` or a part of the problem); a part
    without a weight counts once, weight 0 ignores it. `levels`: quality is cut into 1..levels.
    `alpha`: 0 maximises the total level, 1 is proportional fairness, larger numbers care more for the worst off,
    "leximin" lifts the worst-off match first, then the next, and so on. `seed` feeds the tie-break alone.
    `volunteers_first`: minimum loads and "somebody for everybody" come before fit (the default) or directly after it.
    `load_weight`, per cent: 0 settles fit before load balance (the default), 100 after it; in between the two are one
    sum, in which at 50 the worst fit of a session costs as much as the only review of somebody who can take one.
    """

    quality_weights: tuple[tuple[str, int], ...] | Mapping[str, int] = ()
    levels: int = 20
    alpha: float | Literal["leximin"] = 1
    seed: int = 0
    volunteers_first: bool = True
    load_weight: int = 0

    def __post_init__(self) -> None:
        given = self.quality_weights
        pairs: tuple[tuple[str, int], ...] = tuple(sorted(given.items() if isinstance(given, Mapping) else given))
        object.__setattr__(self, "quality_weights", pairs)
        names = [name for name, _ in pairs]
        if len(set(names)) != len(names):
            raise PolicyError("quality_weights names a part twice")
        for name, weight in pairs:
            if not isinstance(weight, int) or not 0 <= weight <= 1000:
                raise PolicyError(f"the weight of {name!r} is {weight!r}, not a whole number 0 to 1000")
        if not 1 <= self.levels <= MOST_LEVELS:
            raise PolicyError(f"levels is {self.levels}, not 1 to {MOST_LEVELS}")
        if self.alpha != LEXIMIN and not (isinstance(self.alpha, int | float) and 0 <= self.alpha <= LARGEST_ALPHA):
            raise PolicyError(f"alpha is {self.alpha!r}, not 0 to {LARGEST_ALPHA:g} or {LEXIMIN!r}")
        if not 0 <= self.load_weight <= 100:
            raise PolicyError(f"load_weight is {self.load_weight}, not 0 to 100 per cent")
        if self.alpha == LEXIMIN and 0 < self.load_weight < 100:
            raise PolicyError("load_weight must be 0 or 100 with alpha 'leximin', which is not a sum")

    @property
    def weights(self) -> dict[str, int]:
        """The weights given, by part name."""
        return dict(self.quality_weights)

    def describe(self) -> str:
        """What the policy does and does not promise, in plain sentences, one a line."""
        return "\n".join(
            (
                "Pins and minimum loads that staff made binding come first; if they contradict each other, there is no "
                "plan.",
                "Each rule is settled in full before the next one is looked at.",
                "1. As many students as possible get a session; among all ways to do that, higher seniority classes "
                "and longer waits come first. Waits are compared in whole days.",
                "2. As few sessions as possible rest on times we are not sure to have read right, then on times "
                "marked 'if needed'.",
                *(f"{number}. {rule}" for number, rule in enumerate(self._ordered(), start=3)),
                self._fit(),
                "Among students of equal class and equal wait the rules after the first decide, fit among them.",
                "Strict seniority is not promised with binding minimum loads, with several sessions a night, or where "
                "one session can shut out two others (sessions longer than a step of the grid, breaks): then the "
                "number served comes first, then the number of each class, then the days waited by those left out.",
                "Nobody gets a second session where a first one for somebody else is possible instead; fit judges "
                "each session by itself, not what a student gets in all.",
                "Each rule says in the plan whether it is proven; outside the plain case a rule may stay open, with "
                "its gap, when time runs out.",
                "Not promised: the best fit for any one person; a match for everyone who is free; fairness to any "
                "finer step than one level of fit or one day of waiting.",
            )
        )

    def _ordered(self) -> list[str]:
        """The rules after the second, in their order."""
        volunteers = (
            "Professionals come as close as possible to the minimum they asked for, then as many professionals as "
            "possible have at least one session. This never costs a student a session."
        )
        load = (
            "Reviews are spread evenly over professionals, relative to what each can take, counting what they already "
            "carry and what they did on earlier nights."
        )
        judged = [self._fairness(), load] if not self.load_weight else [load, self._fairness()]
        if 0 < self.load_weight < 100:
            weights = f"fit counts {100 - self.load_weight} and load {self.load_weight} per cent"
            judged = [f"The next two are one sum, in which {weights}. {self._fairness()} {load}"]
        judged.insert(0 if self.volunteers_first else len(judged) - (not self.load_weight), volunteers)
        return [
            *judged,
            "Earlier sessions are better than later ones.",
            f"What is still undecided is drawn by lot from the seed {self.seed}: same seed, same plan.",
        ]

    def _fit(self) -> str:
        named = [f"{name} counts {weight}" for name, weight in self.weights.items()]
        rest = "all other parts count 1" if named else "all its parts count the same"
        weights = ", ".join([*named, rest])
        return f"Fit is a whole level from 1 to {self.levels}, the weighted mean of its parts: {weights}."

    def _fairness(self) -> str:
        if self.alpha == LEXIMIN:
            return "The worst-fitting session is made as good as possible, then the next worst, and so on (leximin)."
        if self.alpha == 0:
            return "The total of the levels of fit is as large as possible; single sessions may fit badly for it."
        if self.alpha == 1:
            return "Fit is balanced proportionally: a gain is worth more to a session that fits badly (alpha 1)."
        return (
            f"Fit is balanced by alpha-fairness with alpha {self.alpha:g}: the larger, the more the worst fit counts."
        )
