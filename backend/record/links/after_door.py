"""The door to a session that is over: did it take place, and how was it?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django import forms

from backend.record.links.doors import Data, Done, Door, DoorForm, only
from backend.record.links.standing import Standing
from backend.record.models.states import Channel, Role, Verdict
from backend.record.refusal import one_step
from backend.record.services.closing import confirm, rate
from publish.links import LABELS, LinkAct

STARS = [("", "No rating"), *((str(number), f"{number} of 5") for number in range(5, 0, -1))]


class AfterForm(DoorForm):
    """What became of the session; a rating only of one that took place."""

    verdict = forms.ChoiceField(
        label="Did it take place?", widget=forms.RadioSelect, error_messages={"required": "Choose one."}
    )
    stars = forms.ChoiceField(label="Your rating, if you like", required=False, choices=STARS)

    def fit(self) -> None:
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        other = "professional" if self.standing.role is Role.STUDENT else "student"
        field.choices = [
            (Verdict.HELD.value, "Yes, we met"),
            (Verdict.NO_SHOW.value, f"No, the {other} did not come"),
            (Verdict.NOT_HELD.value, "No, for another reason"),
        ]
        said = self.standing.row.confirmations.filter(person=self.standing.person).first()
        field.initial = said.verdict if said else None


def _says(_found: Standing, _now: datetime) -> Sequence[str]:
    return (
        "Staff read what you say; the other person does not see your rating.",
        "Without a word from either of you it counts as held a week after its end.",
    )


def _after(found: Standing, data: Data, now: datetime) -> Done:
    verdict = Verdict(data["verdict"])
    with one_step():
        confirm(found.row, found.person, verdict, Channel.LINK, now)
        if verdict is Verdict.HELD and data["stars"]:
            rate(found.row, found.person, int(data["stars"]), Channel.LINK, now)
    if verdict is Verdict.HELD:
        return Done("Thank you", ("It is noted that you met.",))
    return Done(
        "Thank you, this is noted", ("A person of the program's staff looks at it; nothing is decided by itself.",)
    )


AFTER_DOORS = {
    LinkAct.AFTER: Door("How did it go?", _says, only(LABELS[LinkAct.AFTER]), _after, AfterForm),
}
