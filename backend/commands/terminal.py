"""What `demo`, `run` and `show` print for people."""

from __future__ import annotations

from backend.nightly.document import Document


def night_text(document: Document) -> str:
    """The night in short."""
    lines = [f"{one['start']}  {one['student_name']} with {one['professional_name']}" for one in document["sessions"]]
    return "\n".join(lines)
