"""A table of the record in the admin: a list with search, filters and files, a page for each row, and its acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import strip_tags
from unfold.admin import ModelAdmin

from backend.nightly.exits import Stop
from backend.record.admin.acting import Act, Done
from backend.record.admin.export import WRITERS
from backend.record.admin.pages import LABELS, Cell, Page, link_of
from backend.record.admin.staff import actor_of
from backend.record.api.site import now, own_program
from backend.record.models import Program
from backend.record.refusal import Refused
from backend.record.roles import COORDINATE
from backend.record.services.audit import note


class RecordAdmin(ModelAdmin):  # type: ignore[misc]  # untyped package
    """Read-only; `acts` on one row, `list_acts` on the program. Rows of other programs are not there."""

    acts: ClassVar[tuple[Act, ...]] = ()
    list_acts: ClassVar[tuple[Act, ...]] = ()
    actions = None
    list_per_page = 50
    list_max_show_all = 200
    show_full_result_count = False
    list_fullwidth = True
    change_list_template = "record/list.html"

    def page(self, row: Any, request: HttpRequest) -> Page:  # noqa: ARG002 - for those that have one
        """What the row's page shows."""
        raise Http404

    def named(self, row: Any) -> str:
        """A row in a heading."""
        return str(row)

    def rows(self, program: Program) -> QuerySet[Any]:
        """The rows of a program."""
        found: QuerySet[Any] = self.model._default_manager.filter(program=program)
        return found

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:  # noqa: ARG002 - Django's signature
        return self.rows(own_program()).order_by(*self.get_ordering(None))

    def get_ordering(self, request: HttpRequest | None) -> Sequence[str]:  # noqa: ARG002 - Django's signature
        return self.ordering or ("-pk",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:  # noqa: ARG002
        """Only by the filters of the list: an address could be guessed letter by letter otherwise."""
        own = {getattr(one, "parameter_name", None) for one in self.list_filter}
        fields = [one if isinstance(one, str) else one[0] for one in self.list_filter if not isinstance(one, type)]
        return lookup in own or any(lookup == field or lookup.startswith(f"{field}__") for field in fields)

    def get_urls(self) -> list[Any]:
        name = f"record_{self.model._meta.model_name}"
        wrap = self.admin_site.admin_view
        own = [
            path("export.<str:kind>", wrap(self.export_view), name=f"{name}_export"),
            path("do/<slug:act>/", wrap(self.list_act_view), name=f"{name}_list_act"),
            path("<int:pk>/do/<slug:act>/", wrap(self.act_view), name=f"{name}_act"),
        ]
        return [*own, *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        given = {
            "own_acts": _buttons(self.list_acts, own_program(), request, self._list_act_link),
            "exports": self._export_links(request),
        }
        return super().changelist_view(request, {**given, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",  # noqa: ARG002 - Django's signature
        extra_context: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> HttpResponse:
        row = self._row(request, object_id)
        page = self.page(row, request)
        acts = _buttons(self.acts, row, request, lambda act: self._act_link(row, act))
        context = {**self._context(request, page.title, row), "page": page, "acts": acts, **page.extra}
        return TemplateResponse(request, page.template, context)

    def export_view(self, request: HttpRequest, kind: str) -> HttpResponse:
        """The list as it is searched and filtered, as a file; who took it is noted."""
        if not (self.has_view_permission(request) and request.user.has_perm(COORDINATE)):
            raise PermissionDenied
        if kind not in WRITERS:
            raise Http404
        self.request = request
        found = self.get_changelist_instance(request).get_queryset(request)
        columns = [name for name in self.get_list_display(request) if name != "action_checkbox"]
        headers = [str(getattr(getattr(self, name), "short_description", name)) for name in columns]
        rows = [[strip_tags(str(getattr(self, name)(row))) for name in columns] for row in found]
        program = own_program()
        note(actor_of(request), f"export_{self.model._meta.model_name}", program, now(), program=program,
             after={"rows": len(rows)})  # fmt: skip
        return WRITERS[kind](str(self.model._meta.verbose_name_plural).replace(" ", "-"), headers, rows)

    def act_view(self, request: HttpRequest, pk: int, act: str) -> HttpResponse:
        """Say what an act would do to a row; on POST do it."""
        row = self._row(request, str(pk))
        return self._act(request, _find(self.acts, act), row, link_of(row), lambda: self._after(row))

    def list_act_view(self, request: HttpRequest, act: str) -> HttpResponse:
        """As `act_view`, for acts that make something new."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        back = reverse(f"admin:record_{self.model._meta.model_name}_changelist")
        return self._act(request, _find(self.list_acts, act), own_program(), back, lambda: back)

    def _act(self, request: HttpRequest, act: Act, row: Any, back: str, after: Callable[[], str]) -> HttpResponse:
        if not request.user.has_perm(act.needs):
            raise PermissionDenied
        present = now()
        if not act.fits(row, present):
            messages.warning(request, f"{act.label}: this is no longer possible as things stand.")
            return HttpResponseRedirect(back)
        form = act.form(request.POST if request.method == "POST" else None, row=row)
        if form.is_valid():
            try:
                done = act.do(row, form.cleaned_data, actor_of(request), present)
            except Refused as refusal:
                form.add_error(None, f"Nothing was changed: {refusal.message}.")
            except Stop as stop:
                form.add_error(None, f"Nothing was changed: {stop}")
            else:
                return self._told(request, act, done, after())
        context = {
            **self._context(request, act.label),
            "act": act, "form": form, "back": back, "about": self.named(row), "says": act.says(row, present),
        }  # fmt: skip
        return TemplateResponse(request, "record/confirm.html", context, status=422 if form.errors else 200)

    def _told(self, request: HttpRequest, act: Act, done: Done, place: str) -> HttpResponse:
        if not done.secret:
            messages.success(request, done.message)
            return HttpResponseRedirect(place)
        context = {**self._context(request, act.label), "done": done, "back": place}
        return TemplateResponse(request, "record/secret.html", context)

    def _after(self, row: Model) -> str:
        if self.model._default_manager.filter(pk=row.pk).exists():
            return link_of(row)
        return reverse(f"admin:record_{self.model._meta.model_name}_changelist")

    def _row(self, request: HttpRequest, pk: str) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_queryset(request).filter(pk=pk).first() if pk.isascii() and pk.isdecimal() else None
        if row is None:
            raise Http404
        return row

    def _context(self, request: HttpRequest, title: str, row: Any = None) -> dict[str, Any]:
        own = {"opts": self.model._meta, "title": title, "original": row}
        return {**self.admin_site.each_context(request), **own}

    def _act_link(self, row: Model, act: Act) -> str:
        return reverse(f"admin:record_{self.model._meta.model_name}_act", args=[row.pk, act.name])

    def _list_act_link(self, act: Act) -> str:
        return reverse(f"admin:record_{self.model._meta.model_name}_list_act", args=[act.name])

    def _export_links(self, request: HttpRequest) -> list[Cell]:
        if not request.user.has_perm(COORDINATE):
            return []
        query = f"?{request.GET.urlencode()}" if request.GET else ""
        name = f"admin:record_{self.model._meta.model_name}_export"
        return [Cell(kind.upper(), reverse(name, args=[kind]) + query) for kind in WRITERS]


def column(title: str, ordering: str = "", *, states: bool = False) -> Callable[[Any], Any]:
    """A method as a column of a list; `states` shows it as a label."""

    def named(method: Any) -> Any:
        method.short_description = title
        if ordering:
            method.admin_order_field = ordering
        if states:
            method.label = LABELS
        return method

    return named


def _buttons(acts: Sequence[Act], row: Any, request: HttpRequest, place: Callable[[Act], str]) -> list[dict[str, Any]]:
    present = now()
    fitting = (act for act in acts if request.user.has_perm(act.needs) and act.fits(row, present))
    return [{"label": act.label, "link": place(act), "heavy": act.heavy} for act in fitting]


def _find(acts: Sequence[Act], name: str) -> Act:
    found = next((act for act in acts if act.name == name), None)
    if found is None:
        raise Http404
    return found
