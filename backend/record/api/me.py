"""`/api/me/`: what somebody sees and does for themselves, by their own key or through the bot."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db import transaction
from django.db.models import Q
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.record.actor import Actor
from backend.record.api.caller import MEMBERS, OWN, Caller
from backend.record.api.etags import etag_of, refuse_unseen, tagged
from backend.record.api.filtering import refuse_unknown
from backend.record.api.idempotency import once
from backend.record.api.inputs import Input, ZoneField, taken
from backend.record.api.offers import OfferShape, TimesInput, times_of
from backend.record.api.people_shapes import PauseInput
from backend.record.api.problems import Problem
from backend.record.api.reading import ReadingShape, frame, preview, reading_shape
from backend.record.api.requests import RequestShape
from backend.record.api.session_shapes import SessionShape
from backend.record.api.site import now
from backend.record.api.webhooks import UnderstoodShape, understood
from backend.record.models import (
    FormResponse,
    Membership,
    Person,
    ProfessionalAvailability,
    ReviewRequest,
    ScheduledSession,
)
from backend.record.models.states import (
    ACTIVE_REQUEST,
    ActorKind,
    AvailabilityState,
    MembershipState,
    ReminderWay,
    ResponseState,
    Role,
    SessionState,
)
from backend.record.services.direct import answer_claim, claimed_by, say_times, set_reminders, set_zone
from backend.record.services.requests import is_paused, pause, resume
from ingest.availability import LONGEST_TEXT

HELD = frozenset({ActorKind.VIEWER, ActorKind.COORDINATOR, ActorKind.OWNER}) | OWN


class MyRole(serializers.Serializer[Any]):
    """One of my roles."""

    role = serializers.ChoiceField(Role.choices)
    state = serializers.ChoiceField(MembershipState.choices)
    paused_until = serializers.DateTimeField(allow_null=True)


class MeShape(serializers.Serializer[Any]):
    """Me. `acts_as`: viewer, coordinator, owner, participant, or bot for a member whom the record does not know.

    `claimable`: an unconfirmed profile names this Discord id; see `/api/me/claim/`. `waiting_confirmation`: an answer
    of mine is held.
    """

    known = serializers.BooleanField()
    acts_as = serializers.CharField()
    id = serializers.CharField(allow_null=True)
    name = serializers.CharField(allow_blank=True)
    email = serializers.CharField(allow_null=True)
    zone = serializers.CharField(help_text="In which to show me times.")
    zone_chosen = serializers.BooleanField()
    reminders = serializers.ChoiceField(["", *ReminderWay.values], help_text="How I am reminded; '': the usual way.")
    phone = serializers.CharField(allow_blank=True)
    claimable = serializers.BooleanField()
    waiting_confirmation = serializers.BooleanField()
    roles = MyRole(many=True)
    understood = ReadingShape(many=True)
    request = RequestShape(allow_null=True)
    offer = OfferShape(allow_null=True)
    sessions = SessionShape(many=True, help_text="Those to come, and those that nobody has closed yet.")


class MeInput(Input):
    """What I may change; what is not named stays. `phone` goes with the reminders "phone" alone."""

    zone = ZoneField(required=False)
    reminders = serializers.ChoiceField(["", *ReminderWay.values], required=False, help_text="'': the usual way.")
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True, help_text="+4915112345678")


class PreviewInput(Input):
    """A text of availability."""

    text = serializers.CharField(max_length=LONGEST_TEXT, trim_whitespace=False)
    zone = ZoneField(required=False)


class MyTimesInput(TimesInput):
    """My times; `role` only for who is both student and professional."""

    role = serializers.ChoiceField([Role.STUDENT.value, Role.PROFESSIONAL.value], required=False)


class ClaimInput(Input):
    """Whether the profile that names my Discord id is mine."""

    mine = serializers.BooleanField()


class Personal(APIView):
    """Knows who calls."""

    @property
    def caller(self) -> Caller:
        return cast(Caller, self.request.user)

    @property
    def person(self) -> Person:
        """Raises `Problem` for a caller who is nobody of the record."""
        if self.caller.person is None:
            raise Problem(403, "not-allowed", "This key is nobody's own, so it has no things of its own.")
        return self.caller.person

    def memberships(self) -> list[Membership]:
        if self.caller.person is None:
            return []
        rows = Membership.objects.filter(program=self.caller.program, person=self.caller.person).order_by("pk")
        return list(rows.exclude(state=MembershipState.LEFT).select_related("person", "program"))

    def me(self) -> dict[str, Any]:
        caller, person = self.caller, self.caller.person
        if person is not None:
            person.refresh_from_db()
        facts = {
            "known": person is not None,
            "acts_as": caller.kind.value,
            "id": person.public_id if person else None,
            "name": person.name if person else "",
            "email": person.email if person else None,
            "zone": (person.zone if person else "") or caller.program.zone,
            "zone_chosen": bool(person and person.zone),
            "reminders": person.reminders if person else "",
            "phone": person.phone if person else "",
            "claimable": person is None and bool(caller.discord_id) and claimed_by(caller.discord_id) is not None,
            "roles": [_role(one) for one in self.memberships()],
        }
        return dict(MeShape({**facts, **self._things()}, context={"request": self.request}).data)

    def _things(self) -> dict[str, Any]:
        person, program = self.caller.person, self.caller.program
        if person is None:
            nothing: dict[str, Any] = {"waiting_confirmation": False, "understood": [], "request": None, "offer": None}
            return {**nothing, "sessions": []}
        answers = FormResponse.objects.filter(program=program, person=person)
        current = answers.filter(state=ResponseState.CURRENT).order_by("form").prefetch_related("readings")
        offers = ProfessionalAvailability.objects.filter(membership__person=person, membership__program=program)
        mine = ScheduledSession.objects.filter(Q(student=person) | Q(professional=person), program=program)
        return {
            "waiting_confirmation": answers.filter(state=ResponseState.HELD).exists(),
            "understood": [reading_shape(r.column, r.text, r.result) for one in current for r in one.readings.all()],
            "request": ReviewRequest.objects.filter(program=program, student=person, state__in=ACTIVE_REQUEST).first(),
            "offer": offers.filter(state=AvailabilityState.ACTIVE).first(),
            "sessions": mine.filter(state=SessionState.SCHEDULED).order_by("starts_at", "pk"),
        }


class Me(Personal):
    """Myself."""

    who: ClassVar = {"get": MEMBERS, "patch": HELD}

    @extend_schema(responses=MeShape)
    def get(self, request: Request) -> Response:
        """Everything about me: how my times were understood, since when I wait, whom I meet."""
        refuse_unknown(request, set())
        return tagged(request, self.me())

    @extend_schema(request=MeInput, responses=MeShape)
    def patch(self, request: Request) -> Response:
        """Set my zone, or how I am reminded of my sessions."""
        given = taken(MeInput, request)
        by = (self.caller.actor, now(), self.caller.program)
        with transaction.atomic():
            refuse_unseen(request, self.me(), needed=False)
            if "zone" in given:
                set_zone(self.person, given["zone"], *by)
            if "reminders" in given:
                set_reminders(self.person, given["reminders"], given.get("phone", ""), *by)
            elif "phone" in given:
                set_reminders(self.person, ReminderWay.PHONE, given["phone"], *by)
        data = self.me()
        return Response(data, headers={"ETag": etag_of(data)})


class MyPause(Personal):
    """A pause under all my roles."""

    who: ClassVar = {"post": HELD, "delete": HELD}

    @extend_schema(request=PauseInput, responses=MeShape)
    def post(self, request: Request) -> Response:
        """Leave matching until then; what is booked stands."""
        until = taken(PauseInput, request)["until"]
        person = self.person

        def act() -> Response:
            for one in self.memberships():
                pause(one, until, _self(self.caller, person), now())
            return Response(self.me())

        return once(request, act)

    @extend_schema(responses={200: MeShape})
    def delete(self, request: Request) -> Response:  # noqa: ARG002 - the framework's signature
        """Matched again from the next night on."""
        person = self.person
        with transaction.atomic():
            for one in self.memberships():
                resume(one, _self(self.caller, person), now())
        return Response(self.me())


class MyTimes(Personal):
    """When I am free."""

    who: ClassVar = {"post": HELD}

    @extend_schema(request=MyTimesInput, responses={201: UnderstoodShape})
    def post(self, request: Request) -> Response:
        """Store my times as a new answer. Look at `/api/availability-preview/` first."""
        given = taken(MyTimesInput, request)
        roles = {Role(one.role): one for one in self.memberships() if one.role != Role.STAFF}
        wanted = Role(given["role"]) if "role" in given else next(iter(roles), None)
        if wanted is None or wanted not in roles or ("role" not in given and len(roles) > 1):
            raise Problem(400, "invalid", f"role: say which of yours: {', '.join(roles) or 'you have none here'}.")
        member, person = roles[wanted], self.person

        def act() -> Response:
            actor = _self(self.caller, person)
            return Response(understood(say_times(member, times_of(member, given), frame(), actor, now())), 201)

        return once(request, act)


class Preview(Personal):
    """How a text would be read."""

    who: ClassVar = {"post": MEMBERS}

    @extend_schema(request=PreviewInput, responses=ReadingShape)
    def post(self, request: Request) -> Response:
        """How a text of availability would be understood now. Nothing is stored."""
        given = taken(PreviewInput, request)
        own = self.caller.person.zone if self.caller.person else ""
        return Response(preview(given["text"], given.get("zone") or own or self.caller.program.zone))


class MyClaim(Personal):
    """The profile that names my Discord id."""

    who: ClassVar = {"post": frozenset({ActorKind.BOT})}

    @extend_schema(request=ClaimInput, responses={204: None})
    def post(self, request: Request) -> Response:
        """Through the bot: "that is me", or "that is not me", which takes the id off that profile."""
        mine = taken(ClaimInput, request)["mine"]

        def act() -> Response:
            answer_claim(self.caller.discord_id, mine, self.caller.actor, self.caller.program, now())
            return Response(status=204)

        return once(request, act)


def _role(member: Membership) -> dict[str, Any]:
    paused = is_paused(member, now())
    resumed = member.state == MembershipState.PAUSED and not paused
    state = MembershipState.ACTIVE if resumed else member.state
    return {"role": member.role, "state": state, "paused_until": member.paused_until if paused else None}


def _self(caller: Caller, person: Person) -> Actor:
    """For one's own things even staff act as themselves."""
    return Actor.participant(person, caller.actor.channel)
