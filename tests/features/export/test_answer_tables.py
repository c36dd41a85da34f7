"""Answers as tables: a row for each, a row for each response, and what the columns mean."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import Session

from bot.domain.csv_files import BYTE_ORDER_MARK
from bot.domain.questions import Option, Question, Questionnaire, QuestionType, Value, to_json
from storage.learning import anonymous_answers, checkins, rounds
from storage.learning.checkins import FACILITATORS_CAN_TELL, NAMED, NOBODY_CAN_TELL
from storage.learning.rounds import FACILITATORS, GROUP, ME
from storage.people import people
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

PLATE = Question("plate", "=How full?", QuestionType.SCALE, low_end="light", high_end="full")
WHERE = Question("where", "Where?", QuestionType.SEVERAL, options=(Option("gym", "Gym"), Option("yard", "=Yard")))
HOW_MANY = Question("many", "How many?", QuestionType.NUMBER)


@pytest.fixture
def story(chat: Chat) -> Chat:
    """Four rounds: one without a definition, two versions of a check-in, and one of which nobody can tell who wrote."""
    create_community(chat)
    now = chat.clock.now()
    with Session(chat.engine) as session, session.begin():

        def ask(name: str, version: int | None, level: str = NAMED) -> int:
            row = rounds.open_round(
                session, 1, rounds.CHECKIN, name, now=now, closes_at=now, version=version, level=level
            )
            row.closed_at = now + timedelta(days=1)
            assert row.id
            return row.id

        def give(round: int, person: int, answers: dict[str, Value], audience: str = GROUP, *, body: str = "") -> None:
            rounds.save_answer(session, round, person, None, body=body, answers=answers, audience=audience, now=now)

        mei = people.membership(session, 1, 1)
        assert mei
        mei.role_group = "site staff"
        made = checkins.create(session, 1, "Energy", to_json(Questionnaire("Energy", (PLATE, WHERE))), by=None, now=now)
        reworded = Questionnaire("Energy", (replace(PLATE, words="How full is it?"), HOW_MANY))
        second = checkins.add_version(session, made, to_json(reworded), by=None, now=now)
        give(ask("What did you try?", None), 1, {}, body="@songs; =1")
        one = ask("Energy", 1)
        give(one, 1, {"plate": "4", "where": ("gym", "yard")})
        give(one, 2, {"plate": "1"}, FACILITATORS)
        give(one, 3, {"plate": "2"}, ME)
        two = ask("Energy", second.id, FACILITATORS_CAN_TELL)
        give(two, 2, {"plate": "5", "many": "-3"})
        nobody = ask("Energy", second.id, NOBODY_CAN_TELL)
        row = rounds.get(session, 1, nobody)
        assert row
        for many in ("9", "1", "8", "2", "7"):
            anonymous_answers.save(session, nobody, {"plate": "3", "many": many})
        anonymous_answers.seal(session, row)
        still = ask("Energy", second.id)
        give(still, 1, {"plate": "5"})
        opened = rounds.get(session, 1, still)
        assert opened
        opened.closed_at = None
    chat.wait(days=2)
    chat.person("Ada", manages=True).types("role map admin <@ada>", root="admin")
    return chat


def tables(actor: Actor) -> list[list[dict[str, str]]]:
    """Ask for the answers, and return the rows of the three files."""
    actor.types("export answers", root="admin")
    files = [post.message.attachment for post in actor.direct()[-3:]]
    assert [file.name.partition("-")[0] for file in files if file] == ["answers", "responses", "columns"]
    read = []
    for file in files:
        assert file
        assert file.body.startswith(BYTE_ORDER_MARK)
        read.append(list(csv.DictReader(io.StringIO(file.body.removeprefix(BYTE_ORDER_MARK)))))
    return read


def ada(chat: Chat) -> Actor:
    [found] = actors(chat, "Ada")
    return found


def test_each_answer_is_a_row_with_its_version_and_ids(story: Chat) -> None:
    answers, _responses, _columns = tables(ada(story))
    keys = ("version", "who_can_tell", "person", "role", "question_key", "question", "type", "options", "value", "late")
    assert [tuple(row[key] for key in keys) for row in answers] == [
        ("", "named", "Mei", "site staff", "body", "What did you try?", "long", "", "'@songs;' =1", "no"),
        ("1", "named", "Mei", "site staff", "plate", "'=How full?", "scale", "", "4", "no"),
        ("1", "named", "Mei", "site staff", "where", "Where?", "several", "gym yard", "Gym, =Yard", "no"),
        ("2", "facilitators", "", "", "plate", "How full is it?", "scale", "", "5", "no"),
        ("2", "facilitators", "", "", "many", "How many?", "number", "", "-3", "no"),
        *[("2", "nobody", "", "", "plate", "How full is it?", "scale", "", "3", "")] * 5,
        *[("2", "nobody", "", "", "many", "How many?", "number", "", n, "") for n in "12789"],
    ]
    assert {row["zone"] for row in answers} == {"America/New_York"}


def test_each_response_is_a_row_with_a_column_for_each_question_of_any_version(story: Chat) -> None:
    _answers, responses, columns = tables(ada(story))
    assert [(row["person"], row["body"], row["1.plate"], row["1.where"], row["1.many"]) for row in responses] == [
        ("Mei", "'@songs;' =1", "", "", ""),
        ("Mei", "", "4", "Gym, =Yard", ""),
        ("", "", "5", "", "-3"),
    ]
    # Each column is explained, and each version of a question.
    assert {row["column"] for row in columns} >= set(responses[0])
    asked = [(row["column"], row["version"], row["meaning"], row["options"]) for row in columns if row["type"]]
    assert asked == [
        ("body", "", "What did you try?", ""),
        ("1.plate", "1", "'=How full?", "1 light ... 5 full"),
        ("1.where", "1", "Where?", "gym: Gym, yard: =Yard"),
        ("1.plate", "2", "How full is it?", "1 light ... 5 full"),
        ("1.many", "2", "How many?", ""),
    ]


def test_facilitator_reads_what_was_for_them_and_who_wrote_it(story: Chat) -> None:
    ada(story).types("role map admin <@ben>", root="admin")
    [ben] = actors(story, "Ben")
    answers, responses, _columns = tables(ben)
    assert [(row["person"], row["audience"], row["1.plate"]) for row in responses] == [
        ("Mei", "group", ""),
        ("Mei", "group", "4"),
        ("Olu", "facilitators", "1"),
        ("Olu", "group", "5"),
    ]
    assert len([row for row in answers if row["who_can_tell"] == "nobody" and not row["person"]]) == 10


def test_whole_export_names_nobody_where_only_facilitators_can_tell(story: Chat) -> None:
    ada(story).types("export csv", root="admin")
    file = ada(story).direct()[-1].message.attachment
    assert file
    rows = list(csv.DictReader(io.StringIO(file.body.removeprefix(BYTE_ORDER_MARK))))
    # The name is kept back where the check-in said so, and there alone.
    said = [
        (row["who"], row["text"]) for row in rows if row["what"] == "answer" and row["title"] != "What did you try?"
    ]
    assert ("Mei", "4 of 5") in said
    assert ("", "5 of 5") in said
    assert ("Olu", "5 of 5") not in said


def test_answers_are_not_for_who_only_manages_the_space_and_are_audited(story: Chat) -> None:
    pat = story.person("Pat", manages=True)
    assert "Managing the workspace or server isn’t reading answers" in pat.types("export answers", root="admin")
    assert not pat.direct()
    tables(ada(story))
    assert "Ada made a copy of everything (answers)" in ada(story).types("audit", root="admin")
