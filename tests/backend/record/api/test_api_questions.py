"""Answers about the last night over HTTP: those of the command line, without what the asker must not see."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import connection

from backend.nightly.asking import Desk, answer_document
from backend.nightly.keeping import parcel_of
from backend.record.models import Person
from backend.record.models.states import Scope
from optimizer.domain import Professional, Student
from tests.backend.record.api.callers import World, bearer, key
from tests.backend.record.api.planned import people_of, sample_night, stored_run

SUGGESTIONS, EXPLANATIONS = "/api/suggestions/", "/api/explanations/"


@pytest.fixture
def people(world: World) -> dict[str, Person]:
    night = sample_night()
    stored_run(night, world.program)
    return people_of(night, world.program)


def test_suggestions_are_those_of_the_night(world: World, people: dict[str, Person]) -> None:
    night = sample_night()
    code = night.plan.unmatched[0].student
    told = world.as_["bot-viewer"].get(f"{SUGGESTIONS}?student={people[code].public_id}&most=3").json()
    desk = Desk(night, "America/New_York")
    expected = answer_document(desk.suggest(code, 3), desk.voice)
    assert [told[name] for name in ("sentences", "entries", "data")] == [
        expected[name] for name in ("sentences", "entries", "data")
    ]
    assert {people[one].public_id for one in told["names"]} == set(told["people"].values())


def test_everybody_of_the_night_can_be_explained_to_staff_and_to_themselves(
    world: World, people: dict[str, Person]
) -> None:
    for code in (*list(sample_night().students)[:6], *list(sample_night().professionals)[:3]):
        staff = world.as_["read"].get(f"{EXPLANATIONS}?person={people[code].public_id}&zone=Europe/Berlin")
        assert (staff.status_code, "Europe/Berlin" in staff.json()["title"]) == (200, True)
        own = bearer(key(Scope.SELF, world.program, people[code])).get(EXPLANATIONS)
        assert own.status_code == 200
        assert (own.json()["data"], own.json()["names"]) == (None, {})


def test_students_hear_of_no_other_student(world: World, people: dict[str, Person]) -> None:
    names = {one.name for one in sample_night().students.values()}
    for left in sample_night().plan.unmatched:
        me = people[left.student]
        text = bearer(key(Scope.SELF, world.program, me)).get(EXPLANATIONS).content.decode()
        assert not [name for name in names - {me.name} if name in text]


def test_participants_ask_about_themselves_only(world: World, people: dict[str, Person]) -> None:
    other = next(iter(people.values())).public_id
    assert world.as_["ana"].get(f"{EXPLANATIONS}?person={other}").status_code == 404
    assert world.as_["ana"].get(f"{SUGGESTIONS}?student={world.ana.public_id}").status_code == 403


def test_who_came_after_the_night_is_told_so(world: World, people: dict[str, Person]) -> None:
    answer = world.as_["ana"].get(EXPLANATIONS)
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:matching:problem:not-in-night")


def test_without_a_night_the_answer_says_when_to_ask(world: World) -> None:
    answer = world.as_["read"].get(f"{SUGGESTIONS}?student={world.ana.public_id}")
    assert (answer.status_code, answer.json()["type"]) == (409, "urn:matching:problem:no-night")


@pytest.mark.parametrize("query", ["", "student=x", "student=%00", "student={}&most=0", "student={}&most=x",
                                   "student={}&zone=Mars", "student={}&top=3"])  # fmt: skip
def test_bad_questions_are_refused_by_name(world: World, people: dict[str, Person], query: str) -> None:
    student = people[sample_night().plan.unmatched[0].student].public_id
    assert world.as_["read"].get(f"{SUGGESTIONS}?{query.format(student)}").status_code == 400


def test_questions_write_nothing(world: World, people: dict[str, Person]) -> None:
    student = people[sample_night().plan.unmatched[0].student].public_id
    asker = world.as_["bot-owner"]
    asker.get(f"{SUGGESTIONS}?student={student}")
    wrote = []

    def watch(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        if not sql.lstrip().upper().startswith("SELECT"):
            wrote.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        assert asker.get(f"{SUGGESTIONS}?student={student}").status_code == 200
        assert asker.get(f"{EXPLANATIONS}?person={student}").status_code == 200
    assert wrote == []


def test_a_renamed_or_erased_person_is_not_named_any_more(world: World, people: dict[str, Person]) -> None:
    code = next(iter(sample_night().plan.sessions)).student
    Person.objects.filter(pk=people[code].pk).update(name="", erased_at=datetime.now(UTC))
    old = sample_night().students[code].name
    host = next(one.professional for one in sample_night().plan.sessions if one.student == code)
    assert old not in world.as_["read"].get(f"{EXPLANATIONS}?person={people[host].public_id}").content.decode()


def test_parcels_hold_no_names_and_no_addresses() -> None:
    night = sample_night()
    parcel = parcel_of(night)
    people: list[Student | Professional] = [*night.students.values(), *night.professionals.values()]
    for content in (parcel.plan, parcel.snapshot, parcel.problem, parcel.witness):
        text = content.decode("latin-1")
        assert not [one.id for one in people if one.email in text or (len(one.name) > 5 and one.name in text)]
    assert parcel_of(night) == parcel
