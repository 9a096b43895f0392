"""Questions about the last night: why somebody has this session or none, whom a student could meet, whom to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from backend.explanations.answer import Answer
from backend.nightly.asking import Desk
from backend.record.admin.clock import moment, program_zone
from backend.record.admin.pages import Page, link_of
from backend.record.api.problems import Problem
from backend.record.api.questions import THINKING
from backend.record.api.site import own_program
from backend.record.models import Person, Program
from backend.record.services.nights import codes_of
from optimizer import Audience

MOST = 5
ON_THE_COMMAND_LINE = " in --json"
"""Where the rest of a list is, for readers of the terminal; here it is left away."""


def desk(program: Program) -> Desk | None:
    """Where questions about the last night are answered; None while no night was planned."""
    try:
        return THINKING.desk(program, program_zone(), Audience.STAFF)
    except Problem:
        return None


def why_view(admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """Why this session or none, in sentences; nothing is changed."""
    row: Person | None = admin.get_queryset(request).filter(pk=pk).first()
    if row is None or not admin.has_view_permission(request):
        raise Http404
    answers, lede = _about(row)
    context = {
        **admin.admin_site.each_context(request),
        "opts": admin.model._meta,
        "title": f"Why: {row}",
        "original": row,
        "page": Page(f"Why: {row}", (), (), lede),
        "back": link_of(row),
        "explained": answers,
    }
    return TemplateResponse(request, "record/why.html", context)


def advice_view(site: Any, request: HttpRequest) -> HttpResponse:
    """Whom to ask for what: a page of its own, or the part that the overview asks for once it is shown."""
    found = desk(own_program())
    explained = [_on_screen(found.advise())] if found else []
    context: dict[str, Any] = {"explained": explained}
    if request.headers.get("HX-Request") == "true":
        return TemplateResponse(request, "record/advice_part.html", context)
    context |= {**site.each_context(request), "title": "Advice"}
    return TemplateResponse(request, "record/advice.html", context)


def _about(row: Person) -> tuple[list[Answer], str]:
    program = own_program()
    found = desk(program)
    if found is None:
        return [], "No night has been planned yet."
    code = _code(found, program, row)
    if not code:
        return [], f"The night of {found.night.key} does not know this person yet."
    answers = [found.explain(code)]
    if code in found.prepared.student_index:
        answers.append(found.suggest(code, MOST))
    lede = f"By the night of {found.night.key}, as the answers were on {moment(found.night.as_of)}."
    return [_on_screen(one) for one in answers], lede


def _code(found: Desk, program: Program, person: Person) -> str:
    """What that night called somebody; "" for who had no part in it."""
    known = {**found.prepared.student_index, **found.prepared.professional_index}
    codes = codes_of(program, person.pk)
    named = (one for one in codes if one in found.night.names)
    return next((one for one in codes if one in known), "") or next(named, "")


def _on_screen(answer: Answer) -> Answer:
    told = tuple(one.replace(ON_THE_COMMAND_LINE, "") for one in answer.sentences)
    return replace(answer, heading=answer.heading.replace(ON_THE_COMMAND_LINE, ""), sentences=told)
