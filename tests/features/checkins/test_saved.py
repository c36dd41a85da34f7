"""Check-ins that are saved: found by name, asked, rested, put away, and copied."""

import pytest
from sqlmodel import Session, col, select

from bot.core.events import Click
from bot.features.checkins import saved_views
from bot.ui import Button, Form
from storage.learning.checkins import CheckIn
from storage.learning.rounds import Round
from storage.operations import audit_log
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community


@pytest.fixture
def ben(chat: Chat) -> Actor:
    create_community(chat)
    (ben,) = actors(chat, "Ben")
    build(ben, "Plates")
    return ben


def build(ben: Actor, name: str) -> None:
    ben.types("checkin new", root="facilitator")
    ben.presses("Write my own")
    ben.fills(name=name, lines="How full is your plate? (1-5)\nWhy?")
    ben.presses("Use it")


def rounds_opened(chat: Chat) -> list[tuple[str, bool]]:
    """The words of each round, and whether it's a saved check-in's."""
    with Session(chat.engine) as session:
        rows = session.exec(select(Round).order_by(col(Round.id)))
        return [(row.question, row.version_id is not None) for row in rows]


def labels(ben: Actor) -> list[str]:
    return [action.label for action in ben.shown.actions if isinstance(action, Button)]


@pytest.mark.anywhere
def test_check_in_is_opened_by_its_name_once(chat: Chat, ben: Actor) -> None:
    assert "on its way to the channel: “Plates”" in ben.types("checkin open PLATES", root="facilitator")
    assert "A check-in is open already: “Plates”" in ben.types("checkin open plates")
    assert "· open now" in ben.types("checkin list")
    assert rounds_opened(chat) == [("Plates", True)]
    chat.wait(days=5)
    assert "· last asked" in ben.types("checkin list")
    ben.types("checkin open plates")
    assert rounds_opened(chat) == [("Plates", True)] * 2


@pytest.mark.parametrize(
    ("typed", "opened"),
    [
        ("checkin open What is on your plates?", [("What is on your plates?", False)]),
        ("checkin open Plats?", [("Plats?", False)]),
        ("checkin open Plats", []),
    ],
)
def test_slip_in_a_name_is_not_posted_to_everyone(
    chat: Chat, ben: Actor, typed: str, opened: list[tuple[str, bool]]
) -> None:
    said = ben.types(typed, root="facilitator")
    assert rounds_opened(chat) == opened
    if not opened:
        assert "Did you mean your check-in “Plates”?" in said
        [retry] = labels(ben)
        assert "on its way" in ben.presses(retry)


def test_own_question_and_saved_check_in_can_both_be_open(chat: Chat, ben: Actor) -> None:
    ben.types("checkin open plates", root="facilitator")
    ben.types("checkin open Who has a van?")
    assert rounds_opened(chat) == [("Plates", True), ("Who has a van?", False)]
    assert "A check-in is open already: “Who has a van?”" in ben.types("checkin open What else?")
    assert "More than one check-in is open." in ben.types("checkin close")
    assert "“Plates”" in ben.chooses("Choose one", "Plates")
    ben.presses("Close it now")
    assert "“Who has a van?”" in ben.types("checkin close")


def test_paused_community_is_asked_nothing(chat: Chat, ben: Actor) -> None:
    chat.person("Ada", manages=True).types("cadence pause", root="admin")
    assert "paused" in ben.types("checkin open plates", root="facilitator")
    assert rounds_opened(chat) == []


def test_resting_check_in_is_asked_after_it_is_woken(chat: Chat, ben: Actor) -> None:
    assert "is resting" in ben.types("checkin rest plates", root="facilitator")
    assert "· resting" in ben.types("checkin list")
    assert "Use it again first" in ben.types("checkin open plates")
    assert "How full is your plate?" in ben.presses("Use it again")
    ben.presses("Ask it now")
    assert isinstance(ben.sees, Form)
    ben.fills(days="10")
    with Session(chat.engine) as session:
        round = session.exec(select(Round)).one()
    assert (round.closes_at - round.opened_at).days >= 13


def test_resting_while_the_form_to_ask_is_open(chat: Chat, ben: Actor) -> None:
    ben.types("checkin list", root="facilitator")
    ben.chooses("Choose one", "Plates")
    ben.presses("Ask it now")
    form = ben.sees
    ben.types("checkin rest plates")
    ben.sees = form
    assert "Use it again first" in ben.fills(days="99")
    assert rounds_opened(chat) == []


def test_archived_check_in_leaves_its_name_and_can_come_back(chat: Chat, ben: Actor) -> None:
    ben.types("checkin archive plates", root="facilitator")
    archived = ben.shown
    assert "No check-ins yet." in ben.types("checkin list")
    assert "1 check-in is archived." in words(ben.sees)
    assert "There’s no check-in called “plates”." in ben.types("checkin rest plates")
    build(ben, "Plates")
    ben.sees = archived
    assert "Another check-in is called “Plates” now" in ben.presses("Undo")
    ben.types("checkin archive plates")
    ben.sees = archived
    assert "How full is your plate?" in ben.presses("Undo")
    with Session(chat.engine) as session:
        assert [row.state for row in session.exec(select(CheckIn).order_by(col(CheckIn.id)))] == ["in_use", "archived"]


def test_change_of_one_archived_meanwhile_is_saved_as_a_new_one(chat: Chat, ben: Actor) -> None:
    ben.types("checkin edit plates", root="facilitator")
    preview = ben.shown
    ben.types("checkin archive plates")
    ben.sees = preview
    assert "Saved: Plates. No one has been asked yet." in ben.presses("Save changes")
    with Session(chat.engine) as session:
        assert [row.state for row in session.exec(select(CheckIn).order_by(col(CheckIn.id)))] == ["archived", "in_use"]


def test_copy_has_a_name_of_its_own(ben: Actor) -> None:
    assert ben.types("checkin clone plates", root="facilitator").startswith("Plates (copy)\n")
    ben.presses("Use it")
    listed = ben.types("checkin list")
    assert "- Plates · " in listed
    assert "- Plates (copy) · " in listed


@pytest.mark.parametrize("command", ["edit", "clone", "export", "import", "rest", "archive", "delete"])
def test_name_that_is_nearly_right_is_offered(ben: Actor, command: str) -> None:
    said = ben.types(f"checkin {command} plats", root="facilitator")
    assert "There’s no check-in called “plats”. Did you mean “Plates”?" in said
    assert len(labels(ben)) == 1


@pytest.mark.parametrize("command", ["edit", "clone", "export", "rest", "archive", "delete"])
def test_command_without_a_name_lists_them(ben: Actor, command: str) -> None:
    assert "- Plates · 2 questions" in ben.types(f"checkin {command}", root="facilitator")


def test_check_in_of_another_community_is_not_reached(chat: Chat, ben: Actor) -> None:
    other = create_community(chat, [], name="Directors", channel="directors")
    ben.channel = "directors"
    for action in ("show", "edit", "copy", "export", "rest", "wake", "archive", "ask", "delete", "delete_now"):
        said = words(chat.app.handle(Click(ben.place(), ben.who, f"checkins.{action}", f"{other}:1")))
        assert "isn’t there" in said, action
    with Session(chat.engine) as session:
        assert [row.state for row in session.exec(select(CheckIn))] == ["in_use"]


def test_check_in_without_answers_is_deleted_once_confirmed(chat: Chat, ben: Actor) -> None:
    """Also with a round that stayed quiet, and that somebody let pass."""
    ben.types("checkin open plates", root="facilitator")
    assert "A check-in is open already" in ben.types("checkin delete plates")
    [mei] = actors(chat, "Mei")
    mei.presses("Let this one pass", on=chat.last)
    chat.wait(days=5)
    assert "No one has answered it. You can’t undo this." in ben.types("checkin delete plates")
    confirm = ben.shown
    assert "How full is your plate?" in ben.presses("Keep it")
    ben.sees = confirm
    assert "Deleted: Plates." in ben.presses("Delete it")
    ben.sees = confirm
    assert "isn’t there" in ben.presses("Delete it")
    assert "No check-ins yet." in ben.types("checkin list")
    with Session(chat.engine) as session:
        assert session.exec(select(CheckIn)).all() == []
        assert session.exec(select(Round)).all() == []
        assert [row.action for row in audit_log.notes(session, 1, 50)].count("checkins.delete") == 1
    assert "deleted" in chat.posts[0].words
    chat.wait(days=90)


def test_check_in_with_answers_can_only_be_archived(chat: Chat, ben: Actor) -> None:
    """Also if the answer came while the question was asked whether to delete it."""
    ben.types("checkin delete plates", root="facilitator")
    confirm = ben.shown
    ben.types("checkin open plates")
    [mei] = actors(chat, "Mei")
    mei.presses("Answer", on=chat.last)
    field = mei.sees.fields[0].name if isinstance(mei.sees, Form) else ""
    mei.fills(**{field: "4"})
    chat.wait(days=5)
    ben.sees = confirm
    assert "has been answered" in ben.presses("Delete it")
    assert "So you can only archive it." in ben.types("checkin delete plates")
    assert "Archived: Plates." in ben.presses("Archive")


def test_list_names_as_many_as_fit(chat: Chat) -> None:
    rows = [CheckIn(id=n, community_id=1, name=f"{n} {'x' * 56}", created_at=chat.now) for n in range(200)]
    listed = [saved_views.Listed(row, 10, None, False) for row in rows]
    assert "- 0 xxx" in words(saved_views.overview(listed, archived=1))
