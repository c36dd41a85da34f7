"""Putting questions off in plain words: "later", "not this week", "stop", "help"."""

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from bot.core.events import Click
from bot.ui import Button, Message
from storage.learning.rounds import Response, Round
from storage.people.people import Person
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community
from tests.support.questions import SAID, asked, asked_two

ASKED_FOR = "You asked me to remind you"


def buttons(actor: Actor) -> list[str]:
    assert isinstance(actor.sees, Message)
    return [action.label for action in actor.sees.actions if isinstance(action, Button)]


def reminders(actor: Actor) -> list[str]:
    return [post.words for post in actor.direct() if ASKED_FOR in post.words]


def closed(ben: Actor) -> None:
    ben.types("checkin close")
    ben.presses("Close it now")


def nudges(actor: Actor) -> list[str]:
    return [post.words for post in actor.direct() if "A gentle reminder" in post.words]


@pytest.mark.parametrize("line", ["later", "Not now!", "más tarde", "Luego."])
def test_later_reminds_once_at_the_chosen_time(chat: Chat, line: str) -> None:
    _ben, mei = asked(chat, "What did you try?")
    mei.whispers(line)
    assert buttons(mei) == ["In 2 hours", "Tomorrow morning", "Before it closes"]
    assert "I’ll ask you again" in mei.presses("In 2 hours")
    chat.wait(hours=1, minutes=59)
    assert reminders(mei) == []
    chat.wait(minutes=2)
    assert len(reminders(mei)) == 1
    chat.wait(days=3)
    # They are not nudged as well: one reminder, when they wished it.
    assert len(reminders(mei)) + len(nudges(mei)) <= 1


def test_later_waits_for_the_end_of_quiet_hours(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    chat.wait(hours=10)  # seven in the evening in New York
    mei.whispers("later")
    mei.presses("In 2 hours")
    chat.wait(hours=12)
    assert reminders(mei) == []
    chat.wait(hours=2)
    assert len(reminders(mei)) == 1


def test_what_was_asked_for_counts_against_no_limit(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    for _time in range(3):
        mei.whispers("later")
        mei.presses("In 2 hours")
        chat.wait(hours=2, minutes=1)
    assert len(reminders(mei)) == 3


def test_answer_takes_the_reminder_back(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    mei.whispers("later")
    mei.presses("Tomorrow morning")
    mei.types("answer")
    mei.fills(body=SAID)
    chat.wait(days=3)
    assert reminders(mei) == []


def test_reminder_says_when_its_question_has_closed(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    mei.whispers("later")
    mei.presses("In 2 hours")
    chat.wait(hours=3)
    closed(ben)
    assert reminders(mei) == []
    assert "Closed" in mei.direct()[-1].words
    ben.types("checkin open What now?")
    mei.whispers("later")
    mei.presses("In 2 hours")
    closed(ben)
    chat.wait(hours=3)
    assert reminders(mei) == []


def test_reminder_of_who_has_left_says_that_its_question_has_closed(chat: Chat) -> None:
    """And one that is still to come, doesn't."""
    ben, mei = asked(chat, "What did you try?")
    mei.whispers("later")
    mei.presses("In 2 hours")
    chat.wait(hours=3)
    [reminder] = mei.direct()
    mei.whispers("later")
    mei.presses("Tomorrow morning")
    mei.types("leave")
    mei.presses("Leave")
    chat.wait(days=1)
    closed(ben)
    assert mei.direct() == [reminder]
    assert "Closed" in reminder.words
    assert reminder.message.actions == ()


def test_times_past_the_close_are_not_offered(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    with Session(chat.engine) as session:
        closes: datetime = session.exec(select(Round)).one().closes_at
    chat.until(closes - timedelta(hours=1, minutes=30))
    assert "closes before then" in mei.whispers("later")
    chat.until(closes - timedelta(hours=1, minutes=29))
    assert "No question is open" not in mei.whispers("later")
    chat.wait(hours=2)
    assert "No question is open" in mei.whispers("later")


def test_not_this_week_passes_what_is_open_and_mutes_the_rest_of_the_week(chat: Chat) -> None:
    ben, mei = asked_two(chat)
    assert "I skipped the 2 open questions. I won’t ask you anything more before Monday." in mei.whispers(
        "Not this week"
    )
    with Session(chat.engine) as session:
        assert [row.skipped for row in session.exec(select(Response)).all()] == [True, True]
    closed(ben)
    ben.types("checkin open What now?")
    chat.wait(days=4)
    assert mei.direct() == []
    chat.until(datetime.fromisoformat("2025-09-29T13:00:00+00:00"))
    ben.types("checkin open A new week?")
    chat.wait(days=2, hours=12)
    assert len(nudges(mei)) == 1


def test_week_can_be_unmuted(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    mei.whispers("esta semana no")
    assert "can reach you again" in mei.presses("Ask me this week")
    closed(ben)
    ben.types("checkin open What now?")
    chat.wait(days=2, hours=12)
    assert len(nudges(mei)) == 1


def test_stop_rests_questions_for_a_day_and_asks_what_should_stop(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    assert "What should stop?" in mei.whispers("stop")
    assert buttons(mei) == [
        "This question",
        "Mute “What did you try?”",
        "Private messages until …",
        "Leave the community",
        "Nothing",
    ]

    def snoozed_until() -> datetime | None:
        with Session(chat.engine) as session:
            return session.exec(select(Person).where(Person.name == "Mei")).one().snoozed_until

    assert snoozed_until() == chat.clock.now() + timedelta(days=1)
    assert "as it was" in mei.presses("Nothing")
    assert snoozed_until() is None
    mei.whispers("stop")
    assert "Leave" in mei.presses("Leave the community")
    mei.whispers("stop")
    assert "passes you by" in mei.presses("This question")
    mei.whispers("stop")
    assert buttons(mei) == ["Private messages until …", "Leave the community", "Nothing"]
    mei.presses("Private messages until …")
    mei.presses("Pause for two weeks")
    paused = snoozed_until()
    mei.whispers("stop")
    mei.presses("Nothing")
    assert snoozed_until() == paused, "a longer pause stays"


def test_stop_in_several_communities_offers_the_weeks_questions(chat: Chat) -> None:
    _ben, mei = asked(chat, "What did you try?")
    create_community(chat, ["Mei"], name="Quality stewards", channel="stewards", facilitator="Chi")
    assert "{leave}" not in mei.whispers("stop")
    assert buttons(mei) == [
        "This week’s questions",
        "Mute “What did you try?”",
        "Private messages until …",
        "Nothing",
    ]
    assert "I skipped the open question" in mei.presses("This week’s questions")


def test_stop_mutes_only_what_asked_until_it_is_undone(chat: Chat) -> None:
    ben, mei = asked(chat, "What did you try?")
    mei.whispers("stop")
    assert "Muted: “What did you try?” in Youth workers" in mei.presses("Mute “What did you try?”")
    muted = mei.shown
    assert "Muted: check-in" in mei.types("settings pace")
    assert "paused until" not in mei.types("settings pace")
    assert "muted by you" in mei.types("schedule")
    closed(ben)
    ben.types("checkin open What now?")
    chat.wait(days=3)
    assert nudges(mei) == []
    mei.sees = muted
    assert "can reach you again" in mei.presses("Undo")
    assert "Muted" not in mei.types("settings pace")
    mei.whispers("stop")
    mei.presses("Mute “What now?”")
    mei.types("settings pace")
    mei.presses("Muted questions")
    assert "muted" in mei.fills(muted="").lower()
    assert "Muted" not in mei.types("settings pace")


def test_nobody_mutes_in_a_community_that_is_not_theirs(chat: Chat) -> None:
    asked(chat, "What did you try?")
    [eve] = actors(chat, "Eve")
    for action in ("rounds.mute_checkin", "rounds.unmute"):
        said = words(chat.app.handle(Click(eve.place(), eve.who, action, "1")))
        assert "no longer here" in said, action


def test_help_says_in_three_lines_what_is_open(chat: Chat) -> None:
    _ben, mei = asked_two(chat)
    for line in ("help", "Help me!", "ayuda"):
        said = mei.whispers(line).strip().splitlines()
        assert len(said) == 3, said
        assert "How full is your plate?" in said[0]
    assert "find" in mei.types("help", "member")
    mei.whispers("not this week")
    assert "find" in mei.whispers("help")


def test_nothing_open_is_said_so(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    assert "No question is open" in mei.whispers("later")
    assert "I won’t ask you anything more before Monday" in mei.whispers("not this week")
    [eve] = actors(chat, "Eve")
    assert "No question is open" in eve.whispers("not this week")
    assert "What should stop?" in eve.whispers("stop")
