"""A facilitator builds a check-in in chat: from a template, lines, a copy or a file, and leaves it halfway."""

import json
from itertools import pairwise

import pytest
from sqlmodel import Session, col, select

from bot.domain import questions
from bot.domain.questions import Questionnaire
from bot.features.checkins import templates
from bot.ui import Button, Form, FormErrors, Message, NotSaved, Select, TextField
from storage.learning.checkins import UNTIL_CLOSE, CheckIn, CheckInVersion
from storage.learning.rounds import Round
from storage.operations.drafts import Draft
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community

LINES = """\
How full is your plate? (1-5: light ... too full) *
Would a hand help? (yes/no)
  if yes: With what? (short)"""


@pytest.fixture
def ben(chat: Chat) -> Actor:
    create_community(chat)
    (ben,) = actors(chat, "Ben")
    return ben


def another_facilitator(chat: Chat) -> Actor:
    (mei,) = actors(chat, "Mei")
    chat.person("Ada", manages=True).types("role map facilitator <@mei>", root="admin")
    return mei


def build(ben: Actor, name: str = "Plates", lines: str = LINES) -> str:
    ben.types("checkin new", root="facilitator")
    ben.presses("Write my own")
    return ben.fills(name=name, lines=lines)


def saved(chat: Chat, name: str) -> list[Questionnaire]:
    """The versions of a check-in, oldest first."""
    with Session(chat.engine) as session:
        rows = session.exec(
            select(CheckInVersion)
            .join(CheckIn, col(CheckIn.id) == CheckInVersion.checkin_id)
            .where(CheckIn.name == name)
            .order_by(col(CheckInVersion.number))
        )
        return [questions.from_json(row.definition) for row in rows]


def drafts(session: Session) -> list[Draft]:
    """What is being built, without the answers to forms that were sent."""
    return [row for row in session.exec(select(Draft)) if row.kind.startswith("check-in of ")]


def buttons(ben: Actor) -> list[str]:
    return [action.label for action in ben.shown.actions if isinstance(action, Button)]


def menu(ben: Actor, label: str) -> list[str]:
    (found,) = [each for each in ben.shown.actions if isinstance(each, Select) and each.label == label]
    return [text for _value, text in found.choices]


@pytest.mark.anywhere
def test_check_in_from_a_template_takes_five_steps(chat: Chat, ben: Actor) -> None:
    ben.types("checkin new", root="facilitator")
    shown = ben.chooses("Choose a template", "Monday check-in · about 3 minutes")
    assert "1. What are you looking forward to this week?" in shown
    assert "if yes to question 3: 4. What would they do?" in shown
    assert "About 3 minutes. Everyone here reads this with your name when it closes." in shown
    assert "On Discord: page 1 of 2: questions 1 to 3; page 2 of 2: question 4, if it applies." in shown
    assert "No one has been asked yet" in ben.presses("Use it")
    ben.presses("Ask it now")
    assert "on its way to the channel: “Monday check-in”" in ben.fills()
    assert "Monday check-in" in chat.last.words
    with Session(chat.engine) as session:
        [round] = session.exec(select(Round)).all()
        assert (round.version_id, round.minutes) == (1, 3)


def test_own_check_in_is_built_from_lines(chat: Chat, ben: Actor) -> None:
    shown = build(ben)
    assert "1 (light) to 5 (too full) · needs an answer" in shown
    assert "if yes to question 2: 3. With what?" in shown
    ben.presses("Use it")
    [version] = saved(chat, "Plates")
    assert [question.key for question in version.questions] == [
        "how_full_is_your_plate",
        "would_a_hand_help",
        "with_what",
    ]
    assert version.minutes == 1
    assert "\n- Plates · 3 questions · not asked yet\n" in ben.types("checkin list")


def test_unclear_lines_are_quoted_and_nothing_typed_is_lost(ben: Actor) -> None:
    said = build(ben, lines="Where? (gym, yard)\nHow many? (numbr)")
    assert said.splitlines() == [
        "Line 1: I didn’t understand “gym, yard”. Put a slash between choices, like (gym / yard).",
        "Line 2: I didn’t understand “(numbr)”. Did you mean (number)?",
    ]
    assert isinstance(ben.sees, FormErrors)
    held = {field.name: field.initial for field in ben.sees.form.fields}
    assert held == {"name": "Plates", "lines": "Where? (gym, yard)\nHow many? (numbr)"}
    assert "1. Where?" in ben.fills(lines="Where? (gym / yard)\nHow many? (number)")


@pytest.mark.parametrize(
    ("name", "lines", "says"),
    [
        ("", "Why?", "Give it a name"),
        ("Plates", "", "There’s no question yet."),
        ("Plates", "Why?\n" * 11, "up to 10 questions. This one has 11"),
        ("Plates", "x" * 301, "Question 1: a question can have up to 300 characters. This one has 301."),
        ("Plates", "Ok?\nWhere? (gym / GYM)", "Question 2: the choice “gym” is there twice"),
        ("Plates", "Ok? (1-5) *\n  if at least 7: Why?", "Question 2: 7 isn’t on the scale it follows"),
        ("Plates", "Ok? (1-5) *\n  if not answered: Why?", "Question 2: no answer to “Ok?” can ever show it."),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_before_it_is_saved(ben: Actor, name: str, lines: str, says: str) -> None:
    assert says in build(ben, name, lines)
    assert isinstance(ben.sees, FormErrors)


def test_warning_does_not_keep_from_saving(ben: Actor) -> None:
    shown = build(ben, lines="Ok? (yes/no) *\n  if yes / no: Why?")
    assert "Question 2: every answer to “Ok?” shows it, so it doesn’t need “if”." in shown
    assert "Use it" in buttons(ben)


def test_draft_left_halfway_is_still_there_for_its_writer_alone(chat: Chat, ben: Actor) -> None:
    build(ben)
    chat.wait(days=3)
    assert "saved for 2 weeks. Only you can see it." in ben.types("checkin new")
    assert "1. How full is your plate?" in ben.presses("Continue Plates")
    theirs = ben.shown
    other = another_facilitator(chat)
    with Session(chat.engine) as session, session.begin():
        [id] = [row.id for row in drafts(session)]
    other.sees = theirs
    assert "isn’t there to work on anymore" in other.presses("Use it")
    assert "Thrown away" in ben.presses("Throw away")
    assert "isn’t there to work on anymore" in _press_old(ben, theirs, "Use it")
    with Session(chat.engine) as session:
        assert session.get(Draft, id) is None


def _press_old(ben: Actor, card: Message, label: str) -> str:
    ben.sees = card
    return ben.presses(label)


def test_no_more_than_a_few_drafts_are_kept(chat: Chat, ben: Actor) -> None:
    for n in range(7):
        build(ben, f"Plates {n}")
    with Session(chat.engine) as session:
        names = [json.loads(json.loads(row.body)["definition"])["name"] for row in drafts(session)]
    assert sorted(names) == [f"Plates {n}" for n in range(2, 7)]


def test_draft_of_one_community_is_not_used_in_another(chat: Chat, ben: Actor) -> None:
    """A button names a draft by its number; the community it's stamped with is what counts."""
    build(ben)
    create_community(chat, [], name="Directors", channel="directors")
    ben.channel = "directors"
    ben.types("checkin new", root="facilitator")
    assert buttons(ben) == ["Write my own", "Use a file"]


@pytest.mark.anywhere
def test_edit_between_rounds_keeps_what_was_answered(chat: Chat, ben: Actor) -> None:
    build(ben)
    ben.presses("Use it")
    ben.types("checkin open plates", root="facilitator")
    ben.types("checkin edit Plates", root="facilitator")
    ben.presses("Change questions")
    assert isinstance(ben.sees, Form)
    assert ben.sees.fields[0].initial == LINES
    shown = ben.fills(
        lines="How full is your plate today? (1-5: light ... too full) *\nWould a hand help? (1-3)\n"
        "  if 3: With what? (short)\nWhere? (gym / yard)"
    )
    assert "“How full is your plate today?” is reworded. Its line in the chart goes on." in shown
    assert "“Would a hand help?” starts a new line in the chart, because it’s answered in another way." in shown
    assert "new questions from the next time on" in ben.presses("Save changes")
    before, after = saved(chat, "Plates")
    assert [question.key for question in before.questions] == [
        "how_full_is_your_plate",
        "would_a_hand_help",
        "with_what",
    ]
    assert [question.key for question in after.questions] == [
        "how_full_is_your_plate",
        "would_a_hand_help_2",
        "with_what",
        "where",
    ]
    with Session(chat.engine) as session:
        assert session.exec(select(Round)).one().version_id == 1


def test_key_of_a_removed_question_is_never_used_again(chat: Chat, ben: Actor) -> None:
    build(ben, lines="Why?\nWhere? (short)")
    ben.presses("Use it")
    for lines in ("Where? (short)", "Where? (short)\nWhy? (number)"):
        ben.types("checkin edit Plates")
        ben.presses("Change questions")
        ben.fills(lines=lines)
        ben.presses("Save changes")
    assert [[question.key for question in version.questions] for version in saved(chat, "Plates")] == [
        ["why", "where"],
        ["where"],
        ["where", "why_2"],
    ]


def test_one_question_is_changed_in_a_form(chat: Chat, ben: Actor) -> None:
    build(ben)
    assert menu(ben, "Change one question")[2] == "3. With what?"
    ben.chooses("Change one question", "2. Would a hand help?")
    assert isinstance(ben.sees, Form)
    assert [field.initial for field in ben.sees.fields] == ["Would a hand help?", "yes_no", "", "", ()]
    assert "Write the choices" in ben.fills(words="What would help?", type="one_of")
    assert "Question 3: that test doesn’t fit" not in ben.fills(details="a hand, ideas", also="")
    said = ben.fills(details="a hand / ideas", also="needed")
    assert "Question 3: “yes” isn’t a choice of “What would help?”." in said
    ben.fills(type="yes_no", details="", also="needed")
    assert "2. What would help?\nyes or no · needs an answer" in words(ben.sees)
    ben.chooses("Change one question", "3. With what?")
    assert isinstance(ben.sees, Form)
    assert ben.sees.fields[3].initial == "if yes to question 2"
    assert "There’s no question 3 above this one. Use a number from 1 to 2." in ben.fills(condition="yes to question 3")
    assert "if at least 4 to question 1: 3. With what?" in ben.fills(condition="at least 4 to question 1")
    ben.chooses("Change one question", "2. What would help?")
    assert "2. With what?" in ben.fills(also="removed")
    ben.chooses("Change one question", "1. How full is your plate?")
    assert "Question 1: it follows a question that isn’t here." in ben.fills(also="removed")


def test_name_and_closing_word_are_changed(chat: Chat, ben: Actor) -> None:
    build(ben)
    ben.presses("Name and readers")
    assert isinstance(ben.sees, Form)
    assert [field.name for field in ben.sees.fields] == ["name", "level", "first", "closing", "review"]
    # In a group so small, nobody is anonymous.
    shown = ben.fills(name="Energy", level="nobody", closing="Thank you.", review="reviewed")
    assert "so this needs at least 5" in shown
    shown = ben.fills(name="Energy", level="facilitators", closing="Thank you.", review="reviewed")
    assert "Members read this without your name. Facilitators can see who wrote it." in shown
    assert shown.startswith("Energy\n")
    assert "After it’s sent: “Thank you.”" in shown
    ben.presses("Use it")
    with Session(chat.engine) as session:
        row = session.exec(select(CheckIn)).one()
    assert (row.name, row.state, row.level, row.is_reviewed) == ("Energy", "in_use", "facilitators", True)
    assert saved(chat, "Energy")[0].closing == "Thank you."
    ben.types("checkin open energy")
    with Session(chat.engine) as session:
        assert session.exec(select(Round)).one().level == "facilitators"


def test_preview_promises_one_press_only_where_one_press_answers(chat: Chat, ben: Actor) -> None:
    for name in ("Ray", "Noa"):
        new = chat.person(name)
        new.types("join")
        new.presses("Join")
    assert "One press answers it." in build(ben, lines="How full is your plate? (1-5: light ... too full)")
    ben.presses("Name and readers")
    assert "one form, on one page" in ben.fills(level="nobody")


def test_name_is_taken_once(chat: Chat, ben: Actor) -> None:
    build(ben)
    ben.presses("Use it")
    assert "already a check-in called “Plates”" in build(ben, " PLATES ")
    build(ben, "Other")
    ben.presses("Name and readers")
    assert "already a check-in called “Plates”" in ben.fills(name="plates")
    ben.fills(name="Other plates")
    waiting = ben.shown
    build(ben, "Other plates")
    ben.presses("Use it")
    assert "already a check-in called “Other plates”" in _press_old(ben, waiting, "Use it")


@pytest.mark.parametrize("goes_on", [True, False])
def test_trial_asks_as_the_real_form_does_and_saves_nothing(chat: Chat, ben: Actor, goes_on: bool) -> None:
    chat.goes_on = goes_on
    build(ben)
    ben.presses("Try it")
    assert "This question needs an answer." in ben.fills(would_a_hand_help="yes")
    if "There’s more" in ben.fills(how_full_is_your_plate="4", would_a_hand_help="yes"):
        ben.presses("Continue")
    assert isinstance(ben.sees, Form)
    assert [field.name for field in ben.sees.fields] == ["with_what"]
    said = ben.fills(with_what="The bus list")
    assert "Nothing was saved" in said
    assert "How full is your plate?: 4 of 5" in said
    assert "With what?: The bus list" in said
    # A "no" ends it after the first page.
    ben.presses("Back to the preview")
    ben.presses("Try it")
    assert "That’s all of it" in ben.fills(how_full_is_your_plate="4", would_a_hand_help="no")
    with Session(chat.engine) as session:
        assert ["bus list" in row.body for row in drafts(session)] == [False]
        assert session.exec(select(Round)).all() == []


def test_two_facilitators_who_change_it_at_once_are_asked(chat: Chat, ben: Actor) -> None:
    build(ben, lines="Why?")
    ben.presses("Use it")
    mei = another_facilitator(chat)
    for facilitator, lines in ((ben, "Why?\nWho? (short)"), (mei, "Why?\nWhen? (date)")):
        facilitator.types("checkin edit Plates", root="facilitator")
        facilitator.presses("Change questions")
        facilitator.fills(lines=lines)
    mei.presses("Save changes")
    assert "Someone else has changed Plates since you started." in ben.presses("Save changes")
    assert "- Why?\n- When?" in ben.presses("See theirs")
    ben.types("checkin edit Plates")
    ben.presses("Save changes")
    ben.presses("Use my questions")
    assert [[question.key for question in version.questions] for version in saved(chat, "Plates")] == [
        ["why"],
        ["why", "when"],
        ["why", "who"],
    ]


def test_saving_without_a_change_adds_no_version(chat: Chat, ben: Actor) -> None:
    build(ben)
    ben.presses("Use it")
    ben.types("checkin edit Plates")
    ben.presses("Save changes")
    assert len(saved(chat, "Plates")) == 1


@pytest.mark.anywhere
def test_file_is_handed_on_and_brings_the_same_check_in(chat: Chat, ben: Actor) -> None:
    build(ben)
    ben.presses("Use it")
    with Session(chat.engine) as session, session.begin():
        row = session.exec(select(CheckIn)).one()
        row.answer_first, row.is_reviewed = UNTIL_CLOSE, True
    assert "direct message" in ben.types("checkin export plates")
    attachment = ben.direct()[-1].message.attachment
    assert attachment
    assert attachment.name == "plates.yaml"
    cut = attachment.body.rindex("\n- key")
    create_community(chat, [], name="Directors", channel="directors")
    ben.channel = "directors"
    ben.types("checkin import", root="facilitator")
    shown = ben.fills(file=attachment.body[:cut], more=attachment.body[cut:])
    assert "if yes to question 2: 3. With what?" in shown
    ben.presses("Use it")
    one, other = saved(chat, "Plates")
    assert one == other
    with Session(chat.engine) as session:
        rows = session.exec(select(CheckIn)).all()
        assert [(row.answer_first, row.is_reviewed) for row in rows] == [(UNTIL_CLOSE, True)] * 2


def test_wrong_file_is_told_by_line_and_kept(ben: Actor) -> None:
    ben.types("checkin import", root="facilitator")
    typed = "check-in: Faces\nquestions:\n- words: How is it?\n  type: video"
    assert "Line 4: “video” isn’t a type of question." in ben.fills(file=typed)
    assert isinstance(ben.sees, FormErrors)
    box = ben.sees.form.fields[0]
    assert isinstance(box, TextField)
    assert box.initial == typed
    assert "Question 1: 7 isn’t" not in ben.fills(file=typed.replace("video", "scale\n  from: 7\n  to: 3"))


def test_file_changes_only_the_check_in_it_is_for(chat: Chat, ben: Actor) -> None:
    build(ben, lines="Why?")
    ben.presses("Use it")
    ben.types("checkin import plates", root="facilitator")
    shown = ben.fills(file="check-in: Another name\nquestions:\n- {key: why, words: Why here, type: long}\n- Who?")
    assert shown.startswith("Plates\n")
    assert "“Why here” is reworded" in shown
    ben.presses("Save changes")
    assert [question.key for question in saved(chat, "Plates")[-1].questions] == ["why", "who"]


def test_every_template_can_be_tried_and_used(chat: Chat, ben: Actor) -> None:
    offered = templates.spoken()
    assert len(offered) == 21
    # One of them is anonymous, which takes five.
    for name in ("Ray", "Noa"):
        new = chat.person(name)
        new.types("join")
        new.presses("Join")
    ben.types("checkin new", root="facilitator")
    start = ben.shown
    for label in menu(ben, "Choose a template"):
        ben.sees = start
        ben.chooses("Choose a template", label)
        preview = ben.shown
        ben.presses("Try it")
        while isinstance(ben.sees, Form):
            if "There’s more" in ben.fills(**_something(ben.sees)):
                ben.presses("Continue")
        assert "Nothing was saved" in words(ben.sees)
        ben.sees = preview
        assert "Saved: " in ben.presses("Use it")
    listed = ben.types("checkin list")
    names = [line.removeprefix("- ").partition(" · ")[0] for line in listed.splitlines() if line.startswith("- ")]
    assert sorted(names) == sorted(each.questionnaire.name for each in offered.values())
    assert all(one.casefold() <= other.casefold() for one, other in pairwise(names))


def _something(form: Form) -> dict[str, str]:
    """Answer every field with the first choice, or with words that fit any type."""
    answers = {}
    for field in form.fields:
        if choices := getattr(field, "choices", ()):
            answers[field.name] = choices[0][0]
        else:
            answers[field.name] = {"number": "3", "date": "2026-01-14"}.get(field.kind, "Some words")
    return answers


def test_members_cannot_build(chat: Chat, ben: Actor) -> None:
    build(ben)
    card = ben.shown
    (mei,) = actors(chat, "Mei")
    assert "facilitators" in mei.types("checkin new", root="facilitator")
    mei.sees = card
    assert "facilitators" in mei.presses("Use it")
    assert not isinstance(mei.sees, NotSaved)


def test_questions_too_long_for_a_box_are_changed_one_by_one(ben: Actor) -> None:
    questions_ = [f"- {'w' * 299}{n} ({'c' * 70} / {'d' * 70})" for n in range(10)]
    ben.types("checkin import", root="facilitator")
    ben.fills(file="check-in: Long\nquestions:\n" + "\n".join(questions_[:5]), more="\n".join(questions_[5:]))
    shown = ben.shown
    assert "don’t fit in one box" in ben.presses("Change questions")
    ben.sees = shown
    ben.chooses("Change one question", menu(ben, "Change one question")[9])
    assert "1. www" in ben.fills(words="Short now?")
