"""Each kind of question over a season, in the report: followed by its key and its options by id, however worded."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.core.pages import OpenPage
from bot.domain.questions import Option, Question, QuestionType, Value
from bot.ui import Chart, Table
from storage.learning import anonymous_answers, checkins, rounds
from storage.learning.rounds import FACILITATORS, GROUP
from tests.support.chat import START, Actor, Chat
from tests.support.community import actors
from tests.support.renderers import assert_renders_everywhere
from tests.support.seasons import ask, checkin, create_seasons

PLACES = Option("gym", "Gym"), Option("yard", "Yard"), Option("hall", "Hall")
WHERE = Question("where", "Where?", QuestionType.ONE_OF, options=PLACES)


@pytest.fixture
def season(chat: Chat) -> Chat:
    create_seasons(chat)
    return chat


def answered(
    session: Session, day: int, version: int, key: str, given: Mapping[int, Value], audience: str = GROUP
) -> None:
    round = ask(session, day, version=version)
    for person, value in given.items():
        rounds.save_answer(session, round, person, None, answers={key: value}, audience=audience, now=START)


def each(*values: Value) -> dict[int, Value]:
    """Return an answer of each of the first people."""
    return dict(enumerate(values, 1))


def chosen(chat: Chat, words: str) -> Actor:
    [ben] = actors(chat, "Ben")
    ben.types("report")
    assert_renders_everywhere(ben.sees)
    ben.chooses("A question over time", words)
    assert_renders_everywhere(ben.sees)
    return ben


def chart(ben: Actor) -> Chart:
    [found] = [part for part in ben.shown.parts if isinstance(part, Chart)]
    return found


def table(ben: Actor) -> Sequence[Sequence[str]]:
    [found] = [part for part in ben.shown.parts if isinstance(part, Table)]
    return [found.headings, *found.rows]


def test_options_keep_their_line_when_they_are_renamed_retired_and_added(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        first = checkin(session, WHERE)
        answered(session, 142, first, "where", each("gym", "gym", "gym", "yard", "hall"))
        gym, yard, hall = PLACES
        changed = replace(
            WHERE,
            words="Where were you?",
            options=(replace(gym, label="Big gym"), yard, Option("roof", "Roof"), replace(hall, is_retired=True)),
        )
        second = checkin(session, changed, 1)
        answered(session, 143, second, "where", each("gym", "roof", "roof", "roof", "yard", "roof"))
        answered(session, 144, second, "where", each("gym", "gym", "gym", "gym"))
    ben = chosen(season, "Where were you?")
    assert table(ben) == [
        ("Answer", "Feb 11", "Feb 12, reworded", "Feb 13"),
        ("Big gym", "60% (3 of 5)", "17% (1 of 6)", "fewer than 5 answers"),
        ("Yard", "20% (1 of 5)", "17% (1 of 6)", "fewer than 5 answers"),
        ("Roof", "–", "67% (4 of 6)", "fewer than 5 answers"),
        ("Hall", "20% (1 of 5)", "–", "–"),
        ("People", "5", "6", "fewer than 5 answers"),
    ]
    assert chart(ben).finding == "Chosen most: Roof, by 67% (4 of 6)."
    assert [(p.label, round(p.value or 0)) for p in chart(ben).points] == [("Big gym", 17), ("Yard", 17), ("Roof", 67)]


def test_several_of_count_people_and_can_be_more_than_all(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        version = checkin(session, replace(WHERE, type=QuestionType.SEVERAL))
        both: Value = ("gym", "yard")
        answered(session, 142, version, "where", each(both, both, both, both, ("gym",)))
    ben = chosen(season, "Where?")
    assert [p.shown for p in chart(ben).points] == ["100% (5 of 5)", "80% (4 of 5)", "0% (0 of 5)"]
    assert chart(ben).finding == "Chosen most: Gym, by 100% (5 of 5). Each could choose several."


def test_yes_or_no_is_a_share_over_time_with_gaps(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        version = checkin(session, Question("hand", "Would a hand help?", QuestionType.YES_NO))
        answered(session, 142, version, "hand", each("yes", "yes", "no", "no", "no"))
        answered(session, 143, version, "hand", each("yes", "yes", "yes", "yes"))
        # What isn't for everyone doesn't count.
        answered(session, 144, version, "hand", each(*["yes"] * 9), FACILITATORS)
        answered(session, 145, version, "hand", each("no", "no", "no", "no", "no", "no"))
        nobody = ask(session, 146, version=version, level=checkins.NOBODY_CAN_TELL)
        row = rounds.get(session, 1, nobody)
        assert row
        for value in ("yes", "yes", "yes", "yes", "no"):
            anonymous_answers.save(session, nobody, {"hand": value})
        anonymous_answers.seal(session, row)
    found = chart(chosen(season, "Would a hand help?"))
    assert (found.shape, found.finding) == ("line", "Between 0% and 80% said yes. The last time it was 80%.")
    assert [(p.value, p.shown) for p in found.points] == [
        (40, "40% (2 of 5)"),
        (None, "fewer than 5 answers"),
        (None, "fewer than 5 answers"),
        (0, "0% (0 of 6)"),
        (80, "80% (4 of 5)"),
    ]


def test_number_has_its_middle_and_span(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        version = checkin(session, Question("adults", "How many adults?", QuestionType.NUMBER))
        answered(session, 142, version, "adults", each("2", "4", "4.5", "10", "-1"))
    found = chart(chosen(season, "How many adults?"))
    # In order -1, 2, 4, 4.5, 10.
    assert [(p.low, p.value, p.high) for p in found.points] == [(2, 4, 4.5)]
    assert found.points[0].shown == "4 (half between 2 and 4.5, 5 answers)"
    assert found.finding == "The middle answer is 4."


def test_date_has_its_middle_in_days_from_the_question(season: Chat) -> None:
    with Session(season.engine) as session, session.begin():
        version = checkin(session, Question("walk", "When is the walk?", QuestionType.DATE))
        # Asked on February 11.
        days = each("2026-02-12", "2026-02-14", "2026-02-15", "2026-02-21", "2026-02-01")
        answered(session, 142, version, "walk", days)
    found = chart(chosen(season, "When is the walk?"))
    assert [(p.low, p.value, p.high) for p in found.points] == [(1, 3, 4)]
    assert found.points[0].shown == "Feb 14, 2026 (half between Feb 12, 2026 and Feb 15, 2026, 5 answers)"
    assert found.finding == "The last time, the middle date was Feb 14, 2026."


def test_every_kind_is_on_the_page(season: Chat) -> None:
    """A picture of each beside its numbers; words have no chart, and neither has what too few answered."""
    kinds: dict[QuestionType, Value] = {
        QuestionType.SCALE: "4",
        QuestionType.MOOD: "4",
        QuestionType.ONE_OF: "gym",
        QuestionType.SEVERAL: ("gym", "yard"),
        QuestionType.YES_NO: "yes",
        QuestionType.NUMBER: "7",
        QuestionType.DATE: "2026-02-14",
        QuestionType.SHORT: "words",
    }
    with Session(season.engine) as session, session.begin():
        for kind, value in kinds.items():
            version = checkin(session, replace(WHERE, key="k", words=f"Kind {kind.value}", type=kind))
            answered(session, 142, version, "k", each(*[value] * 6))
            lonely = checkin(session, replace(WHERE, key="k", words=f"Few {kind.value}", type=kind))
            answered(session, 142, lonely, "k", each(value))
    season.app.address = "https://bot.example.org"
    [ben] = actors(season, "Ben")
    ben.types("report")
    ben.presses("Open as a page")
    [link] = [action.url for action in ben.shown.actions if hasattr(action, "url")]
    opened = season.app.open_page(link.rpartition("/")[2], "browser")
    assert isinstance(opened, OpenPage)
    titles = [s.title for s in opened.page.sections for part in s.parts if isinstance(part, Chart)]
    assert titles == ["Answers", *(f"Kind {kind.value}" for kind in kinds if kind is not QuestionType.SHORT)]
