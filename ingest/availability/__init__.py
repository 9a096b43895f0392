"""The availability reader: free text about when a person is free, read by a grammar, never by guesswork in silence."""

from ingest.availability.conventions import DEFAULT_CONVENTIONS, Conventions
from ingest.availability.echo import canonical
from ingest.availability.model import Assumption, DatedWindow, Horizon, Reading, Span, WeeklyWindow
from ingest.availability.reading import LONGEST_TEXT, read
from ingest.availability.resolve import LOW_CONFIDENCE_BELOW, Overlap, overlap, resolve, resolve_exclusions

__all__ = [
    "DEFAULT_CONVENTIONS",
    "LONGEST_TEXT",
    "LOW_CONFIDENCE_BELOW",
    "Assumption",
    "Conventions",
    "DatedWindow",
    "Horizon",
    "Overlap",
    "Reading",
    "Span",
    "WeeklyWindow",
    "canonical",
    "overlap",
    "read",
    "resolve",
    "resolve_exclusions",
]
