"""Summaries of check-ins with several questions: charts, words, last time, and facilitators who read them first."""

from dataclasses import replace
from itertools import cycle

import pytest
from sqlalchemy.event import listen
from sqlmodel import Session

from bot.domain.questionnaires import ADDED
from bot.domain.questions import Option, Question, Questionnaire, QuestionType
from bot.features.rounds import tallies
from bot.ui import Chart, Message
from storage.learning import rounds
from storage.learning.rounds import GROUP
from tests.support.chat import Actor, Chat
from tests.support.checkins import open_check_in
from tests.support.community import actors, create_community

T = QuestionType
PLATE = Question("plate", "How full is your plate?", T.SCALE, low_end="light", high_end="too full")
NEXT = Question("next", "Next step", T.ONE_OF, options=(Option("keep", "Keep"), Option("drop", "Drop")))
AWAY = Question("away", "Shifts you could not cover", T.NUMBER)
WORDS = Question("words", "What got in the way?", T.LONG)
ASKED = Questionnaire("Energy and load", (PLATE, NEXT, AWAY, WORDS))
NAMES = ("Mei", "Olu", "Ana", "Dia", "Eli", "Fay")


def community(chat: Chat) -> tuple[Actor, list[Actor]]:
    create_community(chat, NAMES)
    [ben, *members] = actors(chat, "Ben", *NAMES)
    return ben, members


def answer(chat: Chat, who: list[Actor], plates: str, steps: str = "k") -> None:
    for person, plate, step in zip(who, plates, cycle(steps), strict=False):
        person.presses("Answer", on=[post for post in chat.in_channel() if not post.under][-1])
        chosen = "keep" if step == "k" else "drop"
        person.fills(plate=plate, next=chosen, away="2", words=f"The late bus, said {person.who.name}")


def charts(message: Message) -> list[str]:
    return [f"{part.title} {part.finding}" for part in message.parts if isinstance(part, Chart)]


def test_summary_counts_choices_and_shows_words(chat: Chat) -> None:
    _ben, members = community(chat)
    open_check_in(chat, ASKED)
    answer(chat, members, "34455", "kd")
    chat.wait(days=5)
    summary = chat.last
    assert "5 people answered for everyone." in summary.words
    assert charts(summary.message) == [
        "How full is your plate? 5 answers. Middle: 4 of 5.",
        "Next step 5 answers.",
    ]
    [plate, _next] = [part for part in summary.message.parts if isinstance(part, Chart)]
    assert [(point.label, point.value) for point in plate.points] == [
        ("1 – light", 0), ("2", 0), ("3", 1), ("4", 2), ("5 – too full", 2)
    ]  # fmt: skip
    assert "Shifts you could not cover\n5 answers. Middle: 2. From 2 to 2." in summary.words
    assert "late bus (5)" in summary.words
    assert "Mei: The late bus, said Mei" in summary.words
    read = members[0].presses("Read all answers", on=summary)
    assert "How full is your plate?\nMei: 3 of 5\nOlu: 4 of 5" in read.replace("\n\n", "\n")


def test_fewer_than_five_answers_make_no_chart(chat: Chat) -> None:
    _ben, members = community(chat)
    open_check_in(chat, ASKED)
    answer(chat, members, "3445")
    # What is for the facilitators counts nowhere.
    members[4].presses("Answer", on=chat.in_channel()[0])
    members[4].fills(plate="1", words="Between us")
    members[4].presses("Only facilitators")
    chat.wait(days=5)
    assert charts(chat.last.message) == []
    assert "4 answers, too few for a chart." in chat.last.words
    assert "Between us" not in chat.last.words


def test_summary_says_what_changed_since_last_time(chat: Chat) -> None:
    _ben, members = community(chat)
    _card, id = open_check_in(chat, ASKED)
    answer(chat, members, "333344", "k")
    chat.wait(days=5)
    open_check_in(chat, ASKED, again=id)
    answer(chat, members, "444455", "kd")
    chat.wait(days=5)
    assert "Last time: 6." in chat.last.words
    assert charts(chat.last.message) == [
        "How full is your plate? 6 answers. Middle: 4 of 5. "
        "Among the 6 people who also answered last time, the middle went from 3 of 5 to 4 of 5.",
        "Next step 6 answers. Among the 6 people who also answered last time: Keep 100% → 50%, Drop 0% → 50%.",
    ]


def test_summary_compares_the_same_people(chat: Chat) -> None:
    """Ana is new and Fay silent this time: neither of them changes what the other five said."""
    ben, members = community(chat)
    _card, id = open_check_in(chat, ASKED)
    answer(chat, [*members[:2], *members[3:], ben], "111122")
    chat.wait(days=5)
    open_check_in(chat, ASKED, again=id)
    answer(chat, [*members[:5], ben], "225222")
    chat.wait(days=5)
    [plate, _next] = charts(chat.last.message)
    assert "Among the 5 people who also answered last time, the middle went from 1 of 5 to 2 of 5." in plate


@pytest.mark.parametrize(("level", "says"), [("named", ""), ("facilitators", " Last time the middle was 1 of 5")])
def test_too_few_of_the_same_people_are_not_compared(chat: Chat, level: str, says: str) -> None:
    """Only without names, where nobody knows who they are, is everyone of last time compared with everyone now."""
    ben, members = community(chat)
    _card, id = open_check_in(chat, ASKED, level=level)
    answer(chat, members[:5], "11111")
    chat.wait(days=5)
    open_check_in(chat, ASKED, again=id, level=level)
    answer(chat, [*members[1:], ben], "55555")
    chat.wait(days=5)
    [plate, _next] = charts(chat.last.message)
    assert ("last time" in plate.lower()) is bool(says)
    assert says in plate


def test_themes_never_repeat_what_the_question_offers(chat: Chat) -> None:
    """Who adds words to a press is asked nothing new, so the choices are no theme."""
    _ben, members = community(chat)
    options = (Option("gym", "Gym space"), Option("bus", "Late bus"))
    open_check_in(
        chat, Questionnaire("Hardest", (Question("hardest", "What was hardest?", T.ONE_OF, options=options),))
    )
    for person in members[:4]:
        person.presses("Late bus", on=chat.in_channel()[0])
        person.presses("Add words")
        person.fills(**{ADDED: "The late bus again, and wet gloves"})
    chat.wait(days=5)
    assert "wet gloves (4)" in chat.last.words
    assert "bus (" not in chat.last.words


def test_closing_asks_the_database_as_often_however_many_answered(chat: Chat) -> None:
    create_community(chat, [f"M{n}" for n in range(40)])
    asked: list[str] = []
    listen(chat.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def statements_to_close(answered: int, again: int = 0) -> int:
        open_check_in(chat, ASKED, again=again)
        with Session(chat.engine) as session, session.begin():
            [round] = rounds.open_in(session, 1)
            for person in range(1, 42):
                given = {"plate": "3", "next": "keep", "away": "2", "words": f"Bus {person}"}
                skipped = person > answered
                answers = {} if skipped else given
                rounds.save_answer(
                    session, round.id or 0, person, None, answers=answers, audience=GROUP, now=chat.now, skipped=skipped
                )
        chat.wait(days=3, hours=23)
        before = len(asked)
        chat.wait(hours=2)
        assert f"{answered} people answered" in chat.last.words
        return len(asked) - before

    # Of a first round there is nothing to compare.
    statements_to_close(40)
    assert statements_to_close(20, again=1) == statements_to_close(40, again=1)


def test_facilitators_read_the_summary_first_where_they_want_to(chat: Chat) -> None:
    """It goes by itself the next working morning."""
    ben, members = community(chat)
    _card, id = open_check_in(chat, ASKED, is_reviewed=True)
    answer(chat, members, "34455")
    chat.wait(days=4, minutes=1)
    assert [post for post in chat.in_channel() if post.under] == []
    [review] = [post for post in ben.direct() if "Summary" in post.words]
    assert "Summary, not posted yet" in review.words
    ben.presses("Add themes", on=review)
    ben.fills(themes="The bus, again")
    assert [post for post in chat.in_channel() if post.under] == []
    assert "The bus, again" in review.words
    ben.presses("Post it now", on=review)
    assert "The bus, again" in chat.last.words
    assert chat.last.under
    assert "Summary, posted" in review.words
    open_check_in(chat, ASKED, again=id, is_reviewed=True)
    answer(chat, members, "34455")
    chat.wait(days=7)
    assert chat.last.under
    assert "5 people answered for everyone." in chat.last.words


def test_answer_of_4000_characters_is_read_whole(chat: Chat) -> None:
    ben, members = community(chat)
    card, _id = open_check_in(chat, ASKED)
    members[0].presses("Answer", on=card)
    members[0].fills(words="x" * 3_999 + "!")
    chat.wait(days=5)
    said = ben.presses("Read all answers", on=chat.last)
    seen = said
    while "Next page" in [action.label for action in ben.shown.actions]:
        seen += ben.presses("Next page")
    assert seen.count("x") >= 3_999
    assert "!" in seen


def scale(values: str) -> tallies.Tally:
    return tallies.tally(PLATE, tuple(values))


@pytest.mark.parametrize(
    ("before", "now", "middle"),
    [
        ("33333", "44444", ("3", "4")),
        ("33333", "33344", None),
        ("3333", "44444", None),
        ("33333", "4444", None),
    ],
)
def test_change_is_said_from_five_answers_on(before: str, now: str, middle: tuple[str, str] | None) -> None:
    changed = tallies.change(scale(before), scale(now))
    assert (changed.middle if changed else None) == middle


def test_another_scale_is_not_compared() -> None:
    longer = tallies.tally(replace(PLATE, high=7), tuple("33333"))
    assert tallies.change(longer, scale("55555")) is None


def test_share_that_moves_by_less_than_20_points_is_not_said() -> None:
    def steps(keep: int, drop: int) -> tallies.Tally:
        return tallies.tally(NEXT, (*["keep"] * keep, *["drop"] * drop))

    assert tallies.change(steps(10, 10), steps(13, 7)) is None
    changed = tallies.change(steps(10, 10), steps(14, 6))
    assert changed
    assert changed.shares == (("keep", 50, 70), ("drop", 50, 30))


def test_number_has_its_middle_and_ends() -> None:
    found = tallies.tally(AWAY, ("10", "2", "2.5", "-1", ""))
    assert (found.n, found.least, found.middle, found.most) == (4, "-1", "2", "10")
