"""Who may meet whom and how well they fit: tags from the forms' options."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ingest.forms import ProfessionalResponse, StudentResponse
from ingest.forms.choices import FORMATS, LEVELS
from ingest.forms.fields import INDUSTRIES, bits
from ingest.rules import ProgramRules
from optimizer.domain import PairPoints, QualityPart, Requirement, TagFit

FIELD, EXPERIENCE, MET_BEFORE = "field", "experience", "met before"
"""Names of the quality parts, as settings weigh them (`policy.weights`)."""
FORMAT, INDUSTRY = "meeting format", "industry"
"""Names of the hard rules."""


def requirements(
    students: Sequence[StudentResponse], professionals: Sequence[ProfessionalResponse], rules: ProgramRules
) -> tuple[Requirement, ...]:
    """Shared meeting format always; shared industry when the program says it is hard."""
    formats = Requirement(
        FORMAT,
        _tags((one.formats for one in students), FORMATS),
        _tags((one.live_formats for one in professionals), FORMATS),
    )
    if not rules.industry_hard:
        return (formats,)
    wished = _tags((one.industries for one in students), INDUSTRIES)
    return (formats, Requirement(INDUSTRY, wished, _tags((one.industries for one in professionals), INDUSTRIES)))


def parts(
    students: Sequence[StudentResponse],
    professionals: Sequence[ProfessionalResponse],
    rules: ProgramRules,
    met: Collection[tuple[int, int]],
) -> tuple[QualityPart, ...]:
    """Field: what the student aims at against what the professional specializes in. Experience: levels preferred.

    Where the program has a wish about repeats, "met before" too; `met`: pairs with a session on earlier nights.
    """
    again = PairPoints(MET_BEFORE, dict.fromkeys(sorted(met), 100 if rules.repeat_wish == "same" else 0))
    return (
        TagFit(
            FIELD,
            _tags((one.fields for one in students), INDUSTRIES),
            _tags((one.fields for one in professionals), INDUSTRIES),
        ),
        TagFit(
            EXPERIENCE,
            _tags(((one.level,) if one.level else () for one in students), LEVELS),
            _tags((one.levels for one in professionals), LEVELS),
        ),
        *((again,) if rules.repeat_wish else ()),
    )


def _tags(options: Iterable[tuple[str, ...]], order: tuple[str, ...]) -> NDArray[np.uint64]:
    return np.array([bits(one, order) for one in options], dtype=np.uint64)
