"""Why somebody has this session or none, and whom a student could meet, by the last night."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from backend.explanations.answer import Answer
from backend.record.admin.clock import moment
from backend.record.admin.common_times import code_in, desk
from backend.record.admin.pages import Page, link_of
from backend.record.api.site import own_program
from backend.record.models import Person

MOST = 5


def why_view(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The answers in sentences; nothing is changed."""
    row: Person | None = admin.get_queryset(request).filter(pk=pk).first()
    if row is None or not admin.has_view_permission(request):
        raise Http404
    answers, lede = _asked(row)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta, "title": f"Why: {row}", "back": link_of(row),
        "page": Page(f"Why: {row}", (), (), lede), "explained": answers,
    }  # fmt: skip
    return TemplateResponse(request, "record/why.html", context)


def _asked(row: Person) -> tuple[list[Answer], str]:
    program = own_program()
    found = desk(program)
    if found is None:
        return [], "No night has been planned yet."
    code = code_in(found, program, row)
    if not code:
        return [], f"The night of {found.night.key} does not know this person yet."
    answers = [found.explain(code)]
    if code in found.prepared.student_index:
        answers.append(found.suggest(code, MOST))
    return answers, f"By the night of {found.night.key}, as the answers were on {moment(found.night.as_of)}."
