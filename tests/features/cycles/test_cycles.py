"""Improvement cycles: predict, try, compare, decide. Only their author sees them."""

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.core.events import Click
from bot.ui import Form, FormErrors
from bot.ui.forms import above
from storage.communities import communities
from storage.learning.cycles import ImprovementCycle
from tests.support.chat import Actor, Chat
from tests.support.community import actors, create_community

TRYING, PREDICTION = "Greet everyone at the door", "Most settle in five minutes"


def rows(chat: Chat) -> list[ImprovementCycle]:
    with Session(chat.engine) as session:
        return list(session.exec(select(ImprovementCycle).order_by(ImprovementCycle.id)))  # type: ignore[arg-type]


@pytest.fixture
def mei(chat: Chat) -> Actor:
    create_community(chat)
    return actors(chat, "Mei")[0]


def start(mei: Actor, **typed: str) -> str:
    mei.types("reflect cycles")
    mei.presses("Start a cycle")
    return mei.fills(**{"trying": TRYING, "prediction": PREDICTION, "do_on": "tomorrow", **typed})


def problem(mei: Actor, field: str) -> str:
    assert isinstance(mei.sees, FormErrors)
    return mei.sees.problems[field]


def test_member_starts_a_cycle_from_home_and_finds_it(chat: Chat, mei: Actor) -> None:
    mei.types("home")
    assert "No cycles yet" in mei.presses("Improvement cycles")
    mei.presses("Start a cycle")
    said = mei.fills(trying=TRYING, prediction=PREDICTION, do_on="tomorrow")
    assert PREDICTION in said
    assert "September 23, 2025" in said
    assert TRYING in mei.types("reflect cycles")
    assert not any(TRYING in post.words for post in chat.posts)


def test_cycle_without_a_prediction_is_refused_with_an_example_and_keeps_what_was_typed(chat: Chat, mei: Actor) -> None:
    start(mei, prediction="")
    assert "For example: most of the group" in problem(mei, "prediction")
    assert rows(chat) == []
    mei.fills(prediction=PREDICTION)
    assert [row.trying for row in rows(chat)] == [TRYING]


@pytest.mark.parametrize("typed", ["yesterday", "Sep 1", "Feb 30", "Friday", "someday", "", "2025-09-01"])
def test_date_that_is_past_or_unclear_is_refused_with_one_that_works(chat: Chat, mei: Actor, typed: str) -> None:
    start(mei, do_on=typed)
    said = problem(mei, "do_on")
    assert "23:59" not in said
    right = said.partition("Try “")[2].partition("”")[0]
    assert rows(chat) == []
    mei.fills(do_on=right)
    [row] = rows(chat)
    assert row.do_on >= date(2025, 9, 22)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("today", date(2025, 9, 22)),
        ("tomorrow", date(2025, 9, 23)),
        ("Fri Sep 26", date(2025, 9, 26)),
        ("Nov 2", date(2025, 11, 2)),  # the clocks change
        ("Jan 1", date(2026, 1, 1)),
    ],
)
def test_date_is_read_in_plain_words(chat: Chat, mei: Actor, typed: str, read: date) -> None:
    start(mei, do_on=typed)
    assert [row.do_on for row in rows(chat)] == [read]


def test_date_in_the_summer_is_said_and_can_be_changed(chat: Chat, mei: Actor) -> None:
    with Session(chat.engine) as session, session.begin():
        communities.add_season(session, 1, "Fall", date(2025, 9, 1), date(2025, 12, 19))
    assert "outside your community’s seasons" in start(mei, do_on="Jan 20")
    mei.presses("Change the date")
    assert "outside your community’s seasons" in mei.fills(do_on="Jan 21")
    mei.presses("Change the date")
    assert "outside" not in mei.fills(do_on="Oct 3")
    assert [row.do_on for row in rows(chat)] == [date(2025, 10, 3)]


def test_nobody_is_reminded_while_the_community_is_paused(chat: Chat, mei: Actor) -> None:
    start(mei)
    chat.person("Ada", manages=True).types("cadence pause", root="admin")
    chat.wait(days=5)
    assert mei.direct() == []


def test_author_is_reminded_once_in_private(chat: Chat, mei: Actor) -> None:
    start(mei)
    chat.wait(hours=12)
    assert mei.direct() == []
    chat.wait(days=5)
    [reminder] = mei.direct()
    assert PREDICTION in reminder.words
    assert "You chose September 23, 2025 to try this" in reminder.words
    assert not any(TRYING in post.words for post in chat.in_channel())
    mei.presses("Say what happened", on=reminder)
    said = mei.fills(result="Half settled", decision="adopted")
    assert said.index(PREDICTION) < said.index("Half settled") < said.index("Adopted")


def test_cycle_that_is_closed_or_moved_is_not_reminded_of_on_the_old_day(chat: Chat, mei: Actor) -> None:
    start(mei)
    mei.presses("Change the date")
    mei.fills(do_on="Oct 3")
    chat.wait(days=5)
    assert mei.direct() == []
    mei.types("reflect cycles")
    mei.chooses("Open a cycle", TRYING)
    mei.presses("Let it go")
    mei.fills(lesson="")
    chat.wait(days=14)
    assert mei.direct() == []


def test_adapted_cycle_goes_on_with_the_next_of_its_chain(chat: Chat, mei: Actor) -> None:
    start(mei)
    mei.types("reflect cycles")
    mei.chooses("Open a cycle", TRYING)
    mei.presses("Say what happened")
    assert isinstance(mei.sees, Form)
    assert f"You predicted: {PREDICTION}" in above(mei.sees.fields[0])
    mei.fills(result="", decision="adapted")
    assert "is a result too" in problem(mei, "result")
    mei.fills(result="Half settled")
    mei.presses("Start the next cycle")
    mei.fills(trying="Greet and play music", prediction="Nearly all settle", do_on="Sep 26")
    first, second = rows(chat)
    assert second.parent_id == first.id
    mei.types("reflect cycles")
    card = mei.chooses("Open a cycle", "Greet and play music")
    assert card.index("Half settled") < card.index("Nearly all settle")


def test_second_cycle_let_go_closes_without_a_question(chat: Chat, mei: Actor) -> None:
    for n in (1, 2):
        start(mei, trying=f"Idea {n}")
        mei.types("reflect cycles")
        mei.chooses("Open a cycle", f"Idea {n}")
        said = mei.presses("Let it go")
        if n == 1:
            assert "Letting go is fine" in said
            said = mei.fills(lesson="Too loud for this room")
            assert "Too loud" in said
        assert "Let go" in said
    assert [row.decision for row in rows(chat)] == ["let go", "let go"]


def test_closed_cycle_can_be_closed_only_once(chat: Chat, mei: Actor) -> None:
    start(mei)
    mei.types("reflect cycles")
    mei.chooses("Open a cycle", TRYING)
    card = mei.shown
    mei.presses("Let it go")
    mei.fills(lesson="")
    mei.sees = card
    assert "already closed" in mei.presses("Let it go")


def test_nobody_else_reaches_a_cycle(chat: Chat, mei: Actor) -> None:
    start(mei)
    ben = chat.person("Ben")
    for action in ("open", "start", "move", "study", "let_go"):
        ben.sees = chat.app.handle(Click(ben.place(), ben.who, f"cycles.{action}", "1:1"))
        assert "That cycle isn’t here" in str(ben.sees), action
    assert "cycle" not in ben.types("preview", root="facilitator").lower()


def test_first_of_a_chain_is_deleted_alone_and_all_with_the_person(chat: Chat, mei: Actor) -> None:
    test_adapted_cycle_goes_on_with_the_next_of_its_chain(chat, mei)
    with Session(chat.engine) as session, session.begin():
        first = session.get(ImprovementCycle, 1)
        session.delete(first)
    [left] = rows(chat)
    assert left.parent_id is None
    mei.types("data delete")
    mei.presses("Delete my data")
    assert rows(chat) == []
