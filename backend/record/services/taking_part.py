"""For whom the next night would look for a session."""

from __future__ import annotations

from datetime import datetime

from backend.record.models import FormResponse, Membership, ProfessionalAvailability, Program, ReviewRequest
from backend.record.models.states import AvailabilityState, FormKind, MembershipState, RequestState, ResponseState, Role
from backend.record.services.codes import FORM_OF, Codes
from backend.record.services.requests import is_paused
from optimizer.domain import zone_info


def taking_part(program: Program, now: datetime) -> list[str]:
    """Pseudonyms of students who ask and professionals who offer, are not paused and have an answer that counts.

    Whether their times still fit is found out by the night alone.
    """
    today = now.astimezone(zone_info(program.zone)).date()
    answers = FormResponse.objects.filter(program=program, form=FormKind.STUDENTS, state=ResponseState.CURRENT)
    asking = ReviewRequest.objects.filter(program=program, state=RequestState.PENDING)
    offers = ProfessionalAvailability.objects.filter(
        membership__program=program, state=AvailabilityState.ACTIVE, valid_until__gte=today
    )
    wish = set(answers.values_list("person_id", flat=True)) & set(asking.values_list("student_id", flat=True))
    offer = set(offers.values_list("membership__person_id", flat=True))
    codes = Codes(program)
    rows = Membership.objects.filter(program=program, role__in=FORM_OF, person__erased_at=None)
    members = rows.exclude(state=MembershipState.LEFT).select_related("person").order_by("pk")
    return [
        codes.of(one.person, Role(one.role))
        for one in members
        if one.person_id in (wish if one.role == Role.STUDENT else offer) and not is_paused(one, now)
    ]
