"""Rows of the two forms as typed responses, each doubt reported as an issue."""

from ingest.forms.professionals import ProfessionalResponse, read_professionals
from ingest.forms.row import Person
from ingest.forms.students import StudentResponse, read_students
from ingest.forms.tables import response_table

__all__ = [
    "Person",
    "ProfessionalResponse",
    "StudentResponse",
    "read_professionals",
    "read_students",
    "response_table",
]
