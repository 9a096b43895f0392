"""Typed responses as pandas tables, for analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

import pandas as pd

from ingest.accounting import Fate
from ingest.forms.professionals import ProfessionalResponse
from ingest.forms.row import Person
from ingest.forms.students import StudentResponse

_DATES = ("first", "last", "again_from")


def response_table(
    responses: Sequence[StudentResponse] | Sequence[ProfessionalResponse],
    fates: Mapping[int, Fate],
    ids: Mapping[int, str],
    kind: type[StudentResponse] | type[ProfessionalResponse],
) -> pd.DataFrame:
    """One line per response, indexed by sheet row: `person` (id), `fate`, then the response's fields, typed.

    Texts are `str`, `submitted` is datetime64 in UTC, dates are datetime64 (NaT when not stated), answers with
    several options are tuples. `fates` and `ids` are by row number.
    """
    names = [field.name for field in fields(Person)] + [field.name for field in fields(kind) if field.name != "person"]
    lines = [
        {field.name: getattr(response.person, field.name) for field in fields(Person)}
        | {field.name: getattr(response, field.name) for field in fields(kind) if field.name != "person"}
        for response in responses
    ]
    table = pd.DataFrame(lines, columns=names).drop(columns="digest")
    table.insert(1, "person", [ids[row] for row in table["row"]])
    table.insert(2, "fate", [fates[row].value for row in table["row"]])
    table["submitted"] = pd.to_datetime(table["submitted"], utc=True)
    for name in _DATES:
        if name in table:
            table[name] = pd.to_datetime(table[name])
    return table.set_index("row")
