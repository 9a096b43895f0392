"""`/l/TOKEN/`: a look changes nothing, because mail scanners look at every link; only a button acts.

Django's CSRF check does not fit here, and is not what guards these pages: it needs a cookie, which mail programs'
browsers often refuse, and the Origin header, which `Referrer-Policy: no-referrer` empties. The token is no right that a
browser carries along by itself: who could forge a request must know the token, and could then press the button. Instead
each form carries a seal that is made when the page is shown: who never looked at the page cannot act.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.views.decorators.csrf import csrf_exempt

from backend.record.api.site import now, own_program
from backend.record.links.after_door import AFTER_DOORS
from backend.record.links.doors import Done, Door
from backend.record.links.own_doors import OWN_DOORS
from backend.record.links.session_doors import SESSION_DOORS
from backend.record.links.standing import UNKNOWN, ClosedError, Standing, standing_of
from backend.record.links.throttling import too_often
from backend.record.links.times_door import TIMES_DOORS, mark
from backend.record.models import Program
from backend.record.refusal import Refused
from backend.record.services.links import read_link

DOORS = {**SESSION_DOORS, **OWN_DOORS, **TIMES_DOORS, **AFTER_DOORS}
MOST_BYTES = 16 * 1024
SEAL_LASTS = timedelta(hours=12)
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
}
STALE = "This page was open for long. Please look at it again, then press the button."
WRONG = ("This link is not complete", "Open it again from your message, or copy all of it.")


@csrf_exempt
def open_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link, and what its button does."""
    if request.method not in ("GET", "HEAD", "POST"):
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
    program, present = own_program(), now()
    if _too_big(request):
        return _page(program, 413, title="That is too long", says=("Please send less text.",))
    link = read_link(program, token)
    if too_often(request, link):
        return _page(program, 429, title="Too many tries", says=("Please wait a minute, then open the link again.",))
    if link is None:
        return _page(program, UNKNOWN, title=WRONG[0], says=WRONG[1:])
    try:
        return _opened(request, token, standing_of(link, program, present), present)
    except ClosedError as closed:
        return _closed(program, closed)


def _opened(request: HttpRequest, token: str, found: Standing, present: datetime) -> HttpResponse:
    door = DOORS[found.link.act]
    if request.method != "POST":
        return _asked(token, door, found, present)
    if not _sealed(str(request.POST.get("seal", "")), token):
        return _asked(token, door, found, present, problem=STALE)
    form = door.form(request.POST, standing=found, now=present)
    if not form.is_valid():
        return _asked(token, door, found, present, form=form, status=400)
    try:
        done = door.do(found, form.cleaned_data, present)
    except Refused as refusal:
        standing_of(found.link, found.program, present)  # somebody was faster: then it says so
        return _asked(token, door, found, present, problem=_sentence(refusal.message), status=409)
    if not done.stored:
        return _asked(token, door, found, present, form=form, done=done)
    return _page(found.program, 200, title=done.title, says=done.lines)


def _asked(
    token: str,
    door: Door,
    found: Standing,
    present: datetime,
    *,
    form: Any = None,
    done: Done | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page with its form: untouched, with what is wrong in it, or with what a look at it has found."""
    shown = form if form is not None else door.form(standing=found, now=present)
    if done is not None and "seen" in shown.fields:
        shown.data = {**{name: shown.data.get(name, "") for name in shown.fields}, "seen": mark(shown.cleaned_data)}
    return _page(
        found.program,
        status,
        title=door.title,
        says=door.says(found, present),
        facts=found.facts,
        form=shown,
        found=done,
        buttons=done.buttons if done else door.buttons(found, present),
        problem=problem,
        seal=_seal(token),
    )


def _closed(program: Program, closed: ClosedError) -> HttpResponse:
    return _page(program, closed.status, title=closed.title, says=closed.lines)


def _page(program: Program, status: int, **context: Any) -> HttpResponse:
    given = {"program": program.name, "facts": (), "buttons": (), **context}
    return HttpResponse(render_to_string("record/link/page.html", given), status=status, headers=HEADERS)


def _seal(token: str) -> str:
    return _sealer().sign(sha256(token.encode()).hexdigest()[:32])


def _sealed(seal: str, token: str) -> bool:
    try:
        return _sealer().unsign(seal, max_age=SEAL_LASTS) == sha256(token.encode()).hexdigest()[:32]
    except BadSignature:
        return False


def _sealer() -> TimestampSigner:
    return TimestampSigner(salt="link-form")


def _too_big(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or "0"
    return not length.isdecimal() or int(length) > MOST_BYTES


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
