"""Lists of people, their memberships, answers and posts."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import path

from backend.record.admin.acts_people import MEMBER_ACTS, PERSON_ACTS
from backend.record.admin.acts_responses import RESPONSE_ACTS
from backend.record.admin.asking import why_view
from backend.record.admin.base import RecordAdmin, column
from backend.record.admin.clock import moment
from backend.record.admin.pages import Cell, Page, state, to
from backend.record.admin.person import person_page
from backend.record.admin.responses import post_page, response_page
from backend.record.admin.staff import address
from backend.record.models import FormPost, FormResponse, Membership, Person, Program
from backend.record.roles import COORDINATE, OWN


class PersonAdmin(RecordAdmin):
    list_display = ("person", "roles", "email_address", "proven", "zone_of", "since")
    list_filter = ("memberships__role", "memberships__state")
    acts = PERSON_ACTS
    ordering = ("name", "pk")

    def rows(self, program: Program) -> QuerySet[Person]:
        """Members, and whoever an answer may be from."""
        here = (model.objects.filter(person=OuterRef("pk"), program=program) for model in (Membership, FormResponse))
        found = Person.objects.filter(Q(*(Exists(one) for one in here), _connector=Q.OR))
        return found.prefetch_related("memberships")

    def get_search_fields(self, request: HttpRequest) -> tuple[str, ...]:
        """An address is found in part by those who see addresses, in full by those who act, else not at all."""
        names = ("name", "=public_id", "=discord_id")
        if request.user.has_perm(OWN):
            return (*names, "email")
        return (*names, "=email") if request.user.has_perm(COORDINATE) else names[:2]

    def get_list_display(self, request: HttpRequest) -> Any:
        self.request = request
        return super().get_list_display(request)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(lambda request, pk: why_view(self, request, pk))
        return [path("<int:pk>/why/", view, name="record_person_why"), *super().get_urls()]

    def page(self, row: Person, request: HttpRequest) -> Page:
        return person_page(row, request)

    @column("Person", "name")
    def person(self, row: Person) -> str:
        return row.name or ("erased person" if row.erased_at else row.public_id)

    @column("Roles")
    def roles(self, row: Person) -> str:
        told = (f"{one.role} ({one.state})" if one.state != "active" else one.role for one in row.memberships.all())
        merged = ["merged"] if row.merged_into_id else []
        return ", ".join([*told, *merged]) or "none yet"

    @column("E-mail", "email")
    def email_address(self, row: Person) -> str:
        return address(row.email, self.request)

    @column("Verified")
    def proven(self, row: Person) -> str:
        return "yes" if row.verified else "claimed"

    @column("Zone", "zone")
    def zone_of(self, row: Person) -> str:
        return row.zone

    @column("Since", "created_at")
    def since(self, row: Person) -> str:
        return moment(row.created_at)


class MembershipAdmin(RecordAdmin):
    list_display = ("person_name", "role_name", "state_name", "paused", "capacity", "since")
    list_filter = ("role", "state")
    search_fields = ("person__name", "=person__public_id")
    list_select_related = ("person",)
    acts = MEMBER_ACTS
    ordering = ("person__name", "pk")

    def named(self, row: Membership) -> str:
        return f"{row.person}, {row.role}"

    def page(self, row: Membership, request: HttpRequest) -> Page:  # noqa: ARG002
        weekly = "as the form says" if row.capacity_per_week is None else str(row.capacity_per_week)
        facts = [
            ("Person", to(row.person)),
            ("Role", Cell(row.role)),
            ("State", state(row.state)),
            ("Paused until", Cell(moment(row.paused_until) or ("until they return" if row.state == "paused" else ""))),
            ("Reviews a week", Cell(weekly)),
            *((name.replace("_", " ").capitalize(), Cell(str(text))) for name, text in sorted(row.details.items())),
            ("Since", Cell(moment(row.created_at))),
        ]
        return Page(f"{row.person} as {row.role}", facts)

    @column("Person", "person__name")
    def person_name(self, row: Membership) -> str:
        return str(row.person)

    @column("Role", "role")
    def role_name(self, row: Membership) -> str:
        return row.role

    @column("State", "state", states=True)
    def state_name(self, row: Membership) -> str:
        return row.state.replace("_", " ")

    @column("Paused until", "paused_until")
    def paused(self, row: Membership) -> str:
        return moment(row.paused_until)

    @column("Reviews a week", "capacity_per_week")
    def capacity(self, row: Membership) -> str:
        return "as the form says" if row.capacity_per_week is None else str(row.capacity_per_week)

    @column("Since", "created_at")
    def since(self, row: Membership) -> str:
        return moment(row.created_at)


class FormResponseAdmin(RecordAdmin):
    list_display = ("person_name", "form_name", "submitted", "state_name", "proven", "source_name", "why")
    list_filter = ("form", "state", "source", "verified")
    search_fields = ("person__name", "=public_id", "=response_id", "=person__public_id")
    list_select_related = ("person",)
    acts = RESPONSE_ACTS

    def named(self, row: FormResponse) -> str:
        return f"answer of {row.person or 'nobody yet'}"

    def page(self, row: FormResponse, request: HttpRequest) -> Page:
        return response_page(row, request)

    @column("Person", "person__name")
    def person_name(self, row: FormResponse) -> str:
        return str(row.person) if row.person else "nobody yet"

    @column("Form", "form")
    def form_name(self, row: FormResponse) -> str:
        return row.form

    @column("Submitted", "submitted_at")
    def submitted(self, row: FormResponse) -> str:
        return moment(row.submitted_at) or "not readable"

    @column("State", "state", states=True)
    def state_name(self, row: FormResponse) -> str:
        return row.state.replace("_", " ")

    @column("Verified", "verified")
    def proven(self, row: FormResponse) -> str:
        return "yes" if row.verified else "no"

    @column("Came by", "source")
    def source_name(self, row: FormResponse) -> str:
        return f"{row.source}, row {row.sheet_row}" if row.sheet_row else row.source

    @column("Why held or rejected")
    def why(self, row: FormResponse) -> str:
        return row.reason


class FormPostAdmin(RecordAdmin):
    list_display = ("received", "form_name", "state_name", "why")
    list_filter = ("form", "state")
    search_fields = ("reason",)

    def page(self, row: FormPost, request: HttpRequest) -> Page:
        return post_page(row, request)

    @column("Received", "received_at")
    def received(self, row: FormPost) -> str:
        return moment(row.received_at)

    @column("Form", "form")
    def form_name(self, row: FormPost) -> str:
        return row.form

    @column("State", "state", states=True)
    def state_name(self, row: FormPost) -> str:
        return row.state.replace("_", " ")

    @column("Why refused")
    def why(self, row: FormPost) -> str:
        return row.reason


TABLES = {
    Person: PersonAdmin,
    Membership: MembershipAdmin,
    FormResponse: FormResponseAdmin,
    FormPost: FormPostAdmin,
}
