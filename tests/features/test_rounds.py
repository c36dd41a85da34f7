"""Rounds, as a community experiences them: opened, answered, nudged, closed, summarized."""

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from bot.core.events import Click, Command, Submission
from bot.features.rounds import asking, rules
from bot.ui import Button, Form
from storage.learning.rounds import Round
from storage.people import people
from tests.support.answers import answers
from tests.support.chat import Actor, Chat, Post, words
from tests.support.community import actors, create_community, person_key


def buttons(post: Post) -> list[str]:
    return [action.label for action in post.message.actions]


def test_check_in_is_opened_answered_nudged_closed_and_summarized(chat: Chat) -> None:
    create_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")

    assert "on its way to the channel" in ben.types("checkin open What did you try with arrivals?", root="facilitator")
    card = chat.last
    assert "What did you try with arrivals?" in card.words
    assert "Facilitators can sooner" in card.words

    mei.presses("Answer", on=card)
    said = mei.fills(body="Quiet arrivals with music")
    assert "Who can see it: everyone in this community, when it closes" in said
    assert "1 heard from so far" in chat.posts[0].words
    # The card was rewritten, not posted again.
    assert len(chat.in_channel()) == 1

    ana.presses("Let this one pass", on=card)

    # 10 am.
    chat.wait(days=2, hours=2)
    assert [len(p.direct()) for p in (mei, olu, ana)] == [0, 1, 0]
    assert "It is fine to let it pass" in olu.direct()[0].words

    olu.presses("Answer", on=olu.direct()[0])
    olu.fills(body="Arrivals at the side door, less music")
    chat.wait(days=3)
    summary = chat.last
    assert summary.under == card.id
    assert "2 people shared this with everyone" in summary.words
    assert "arrivals" in summary.words
    assert "music" in summary.words
    assert "Mei: Quiet arrivals with music" in summary.words
    assert "Closed" in chat.posts[0].words


def test_summary_says_what_several_people_brought_up(chat: Chat) -> None:
    """They are phrases, and never words of the question."""
    create_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    ben.types("checkin open What went well, and where are you stuck?", root="facilitator")
    card = chat.last
    for person, body in (
        (mei, "Well: the side door. Stuck: the late bus leaves me alone with six"),
        (olu, "Stuck with the late bus, and it went well to say so"),
        (ana, "The Late Bus again. Not stuck otherwise, all well"),
    ):
        person.presses("Answer", on=card)
        person.fills(body=body)
    chat.wait(days=6)
    assert "More than one of you brought up: late bus." in chat.last.words


def test_answer_is_changed_withdrawn_and_given_late(chat: Chat) -> None:
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open How was the week?")
    mei.types("answer")
    mei.fills(body="First thought")
    mei.presses("Change it")
    assert "Second thought" in mei.fills(body="Second thought")
    assert "withdrawn and deleted" in mei.presses("Withdraw it")
    assert "no answer of yours" in words(chat.app.handle(Click(mei.place(), mei.who, "rounds.withdraw", "1:1")))
    chat.wait(days=6)
    assert "stayed quiet" in chat.last.words
    olu.presses("Answer late", on=chat.posts[0])
    assert "joins the summary" in words(olu.sees)
    olu.fills(body="Better late")
    assert "Olu: Better late" in chat.last.words
    as_it_was = replace(chat.posts[0])
    chat.wait(days=70)
    assert "closed long ago" in mei.presses("Answer late", on=as_it_was)


def test_only_facilitators_read_before_the_close(chat: Chat) -> None:
    """Private answers stay private."""
    create_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    ben.types("checkin open How was the week?")
    for person, audience in ((mei, "group"), (olu, "facilitators"), (ana, "me")):
        person.presses("Answer", on=chat.posts[0])
        answers(person, f"For {audience}", audience)
    ben.types("checkin summary")
    seen = ben.presses("Read the answers")
    assert "For group" in seen
    assert "For facilitators" in seen
    assert "For me" not in seen
    assert "1 answer is kept for its writer alone" in seen
    button = Click(mei.place(), mei.who, "rounds.read", "1:1")
    assert "shown to everyone when this closes" in words(chat.app.handle(button))
    chat.wait(days=4)
    assert "For group" in chat.last.words
    assert "For facilitators" not in chat.last.words
    later = words(chat.app.handle(button))
    assert "For facilitators" not in later
    assert "For group" in later


def unheard_list(chat: Chat, who: Actor) -> str:
    return words(chat.app.handle(Click(who.place(), who.who, "rounds.unheard", "1:1")))


def test_unheard_list_is_refused_below_five_members(chat: Chat) -> None:
    """In a small community, the list would point at a person."""
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open Well?")
    ben.types("checkin summary")
    assert "would point at somebody" in ben.presses("Who is not heard yet")


def test_unheard_list_hides_members_without_consent(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open Well?")
    for name in ("Dia", "Eli"):
        with Session(chat.engine) as session, session.begin():
            row = people.enrol(session, 1, person_key(session, chat, name, chat.clock.now()))
            row.joined_at, row.visible = chat.clock.now(), name == "Dia"
    assert "Dia" in unheard_list(chat, ben)
    assert "Eli" not in unheard_list(chat, ben)


def test_unheard_list_leaves_out_who_joined_after_the_close(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open Well?")
    for name in ("Dia", "Eli"):
        if name == "Eli":
            chat.wait(days=14)
        with Session(chat.engine) as session, session.begin():
            row = people.enrol(session, 1, person_key(session, chat, name, chat.clock.now()))
            row.joined_at, row.visible = chat.clock.now(), True
    assert "Dia" in unheard_list(chat, ben)
    assert "Eli" not in unheard_list(chat, ben)


def test_unheard_list_is_refused_to_a_member(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    assert "for facilitators" in unheard_list(chat, mei)


def test_themes_stand_at_the_top_of_the_summary(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    mei.presses("Answer", on=chat.posts[0])
    mei.fills(body="Fine, thanks to the new snack table")
    ben.types("checkin close")
    assert "is closed" in ben.presses("Close it now")
    ben.presses("Add themes")
    ben.fills(themes="Snack tables work")
    assert "Themes the facilitator heard: Snack tables work" in chat.last.words
    ben.presses("Read all answers", on=chat.last)
    assert "Two to four themes" in ben.presses("Add themes")
    mei.presses("Read all answers", on=chat.last)
    assert "Add themes" not in [a.label for a in mei.shown.actions]
    refused = chat.app.handle(Click(mei.place(), mei.who, "rounds.themes", "1:1"))
    assert "for facilitators" in words(refused)


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("", "This question needs an answer."),
        (" \n\t ", "This question needs an answer."),
        ("x" * 4_001, "Up to 4000 characters. This one is 4001."),
        ("\N{GRINNING FACE}" * 10_000, "This one is 10000."),
    ],
)
def test_empty_or_enormous_answer_is_asked_again_and_not_saved(chat: Chat, typed: str, answer: str) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    mei.presses("Answer", on=chat.posts[0])
    assert answer in mei.fills(body=typed)
    assert "heard from" not in chat.posts[0].words


def test_typed_markup_stays_text(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    nasty = "@everyone <!channel> <@U1> <b>hi</b> [a](http://evil) abc\u202edef"
    mei.presses("Answer", on=chat.posts[0])
    mei.fills(body=nasty)
    chat.wait(days=4)
    assert "@everyone <!channel> <@U1> <b>hi</b> [a](http://evil) abcdef" in chat.last.words


def test_form_sent_twice_saves_one_answer(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    mei.presses("Answer", on=chat.posts[0])
    assert isinstance(mei.sees, Form)
    event = Submission(mei.place(), mei.who, "rounds.answer", mei.sees.value, {"body": "Once", "audience": "group"})
    chat.app.handle(event)
    chat.app.handle(event)
    chat.deliver_all()
    assert "1 heard from so far" in chat.posts[0].words


def test_facilitators_are_told_once_of_a_round_without_answers(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open Well?")
    chat.wait(days=7)
    [note] = ben.direct()
    assert "nothing is wrong" in note.words


def test_facilitators_learn_that_a_quiet_round_was_answered_late(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    chat.wait(days=7)
    [note] = ben.direct()
    mei.presses("Answer late")
    mei.fills(body="Well enough")
    assert ben.direct() == [note]
    assert "No one had answered “Well?” when it closed. 1 late answer has come since." in note.words


def test_nudges_say_when_the_question_has_closed(chat: Chat) -> None:
    """Also if a facilitator closes it early. Who has answered is not asked for a late answer."""
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open Well?")
    chat.wait(days=2, hours=2)
    [to_mei], [to_olu] = mei.direct(), olu.direct()
    as_it_was = replace(to_olu)
    assert "open until 2025-09-25" in to_mei.words
    mei.presses("Answer", on=to_mei)
    mei.fills(body="Well")
    ben.types("checkin close")
    ben.presses("Close it now")
    for nudge in (to_mei, to_olu):
        assert "Closed 2025-09-24" in nudge.words
        assert "open until" not in nudge.words
    assert buttons(to_mei) == []
    assert buttons(to_olu) == ["Answer late"]
    chat.wait(days=60)
    assert buttons(to_olu) == []
    assert "That round closed long ago" in olu.presses("Answer", on=as_it_was)


def test_nudge_of_who_has_left_says_that_the_question_has_closed(chat: Chat) -> None:
    """And takes no answer: the button would be refused."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    chat.wait(days=2, hours=2)
    [nudge] = mei.direct()
    mei.types("leave")
    mei.presses("Leave")
    chat.wait(days=3)
    assert "Closed" in nudge.words
    assert nudge.message.actions == ()


def test_nudge_that_still_waits_is_taken_back_when_the_question_closes(chat: Chat) -> None:
    create_community(chat)
    ben, olu = actors(chat, "Ben", "Olu")
    olu.types("quiet 9 18")
    ben.types("checkin open Well?")
    chat.wait(days=2, hours=2)
    ben.types("checkin close")
    ben.presses("Close it now")
    chat.wait(days=70)
    assert olu.direct() == []


def test_closed_card_takes_late_answers_for_as_long_as_it_says(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    card = chat.last
    as_it_was = replace(card)
    chat.until(datetime(2025, 9, 25, 21, 0, tzinfo=UTC))
    summary = chat.last
    assert "Late answers are welcome" in card.words
    assert "A late answer is still welcome" in summary.words
    chat.wait(days=60)
    assert "The summary is finished" in card.words
    assert buttons(card) == []
    assert "welcome" not in summary.words
    assert "That round closed long ago" in mei.presses("Answer", on=as_it_was)


def replies(actor: Actor, to: Post, line: str, *, by_name: bool = True) -> str:
    """Write to the bot in reply to a post: by naming it, or only by replying, which mentions it."""
    event = Command(actor.place(), actor.who, line, replies_to=("m0", to.id), is_addressed=by_name)
    actor.sees = actor.chat.app.handle(event)
    actor.chat.deliver_all()
    return words(actor.sees) if actor.sees else ""


@pytest.mark.parametrize("how", ["form", "reply", "pass"])
def test_nudge_that_still_waits_is_taken_back_from_who_has_answered(chat: Chat, how: str) -> None:
    create_community(chat)
    ben, olu, ana = actors(chat, "Ben", "Olu", "Ana")
    for who in (olu, ana):
        who.types("quiet 9 18")
    ben.types("checkin open Well?")
    card = chat.last
    chat.wait(days=2, hours=2)
    match how:
        case "form":
            olu.presses("Answer", on=card)
            olu.fills(body="Well")
        case "reply":
            replies(olu, card, "We tried music")
            olu.presses("Keep it")
        case "pass":
            olu.presses("Let this one pass", on=card)
    chat.wait(hours=12)
    assert olu.direct() == []
    assert len(ana.direct()) == 1


@pytest.mark.parametrize("by_name", [True, False])
def test_reply_to_a_card_is_an_answer_once_the_person_says_so(chat: Chat, by_name: bool) -> None:
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open What did you try with arrivals?", root="facilitator")
    card = chat.last
    # It begins with the name of a command, and is none.
    said = replies(mei, card, "Next week we try quiet arrivals", by_name=by_name)
    assert "What did you try with arrivals?\nIs this your answer?" in said
    assert "Next week we try quiet arrivals" in said
    assert "Who can see it: everyone in this community" in said
    assert "heard from" not in chat.posts[0].words
    assert "Thank you, your answer is kept." in mei.presses("Keep it")
    assert "1 heard from so far" in chat.posts[0].words
    assert "replaces the answer you gave before" in replies(mei, card, "We tried music", by_name=by_name)
    assert "I didn’t save it" in mei.presses("No")
    replies(olu, card, "We tried music", by_name=by_name)
    olu.presses("Keep it")
    chat.wait(days=4)
    assert "Mei: Next week we try quiet arrivals" in chat.last.words
    assert "Olu: We tried music" in chat.last.words


def test_reply_that_is_only_a_command_is_one(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?", root="facilitator")
    assert "share" in replies(mei, chat.last, "help")
    replies(mei, chat.last, "answer")
    assert isinstance(mei.sees, Form)


def test_reply_to_anything_else_is_left_alone_unless_the_bot_is_named(chat: Chat) -> None:
    """Also that of someone who is no member, and one that comes after late answers."""
    create_community(chat)
    ben, mei, eve = actors(chat, "Ben", "Mei", "Eve")
    ben.types("checkin open What did you try?", root="facilitator")
    card = chat.last
    other = replace(card, id="m77")
    assert replies(mei, other, "Thanks!", by_name=False) == ""
    assert "I don’t know" in replies(mei, other, "We tried music")
    assert replies(eve, card, "We tried music", by_name=False) == ""
    chat.wait(days=90)
    assert replies(mei, card, "We tried music", by_name=False) == ""
    assert replies(mei, card, "We tried music") != ""
    assert "heard from" not in chat.posts[0].words


def test_reply_is_kept_only_once_and_only_while_it_is_remembered(chat: Chat) -> None:
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open What did you try?", root="facilitator")
    replies(mei, chat.last, "We tried music")
    press = Click(mei.place(), mei.who, "rounds.keep_free_text", "1:1")
    assert "no longer have what you wrote" in words(chat.app.handle(replace(press, person=olu.who)))
    assert "is kept" in words(chat.app.handle(press))
    assert "no longer have what you wrote" in words(chat.app.handle(press))
    assert "most" in replies(mei, chat.last, "x" * 4_001)


def test_many_members_are_nudged_once_each_in_short_transactions(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "NUDGED_AT_ONCE", 2)
    names = ("Mei", "Olu", "Ana", "Dia", "Eli")
    create_community(chat, names)
    ben, *members = actors(chat, "Ben", *names)
    ben.types("checkin open What did you try?", root="facilitator")
    members[1].presses("Answer", on=chat.last)
    members[1].fills(body="Music")
    # A nudge that can't be sent is not tried again and again.
    chat.unreachable |= {"mei": "blocked", "ana": "blocked"}
    chat.wait(days=3)
    assert [len(member.direct()) for member in members] == [0, 0, 0, 1, 1]


def test_members_who_snooze_or_decline_are_not_nudged(chat: Chat) -> None:
    create_community(chat, nudges=False)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open Well?")
    chat.wait(days=2)
    assert mei.direct() == []


def test_community_without_a_question_says_so(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "Nothing is waiting" in mei.types("answer")
    assert "no check-in here yet" in ben.types("checkin summary")
    assert "No check-in is open" in ben.types("checkin close")


def test_second_check_in_waits_for_the_first(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open One?")
    assert "open already" in ben.types("checkin open Two?")
    assert len(chat.in_channel()) == 1


def test_facilitator_sends_queues_and_lists_prompts(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "This one would come next" in ben.types("prompt now")
    first = words(ben.sees)
    assert ben.presses("Show another") != first
    ben.presses("Send it now")
    card = chat.last
    assert "One way to begin" in card.words
    mei.presses("Answer", on=card)
    mei.fills(body="We noticed the door")
    assert "open already" in ben.types("prompt now What now?")
    ben.types("prompt queue")
    assert "number 1 in line" in ben.fills(text="What would you ask a new colleague?")
    assert "What would you ask a new colleague?" in ben.types("prompt list")
    ben.types("prompt queue")
    assert "Choose a prompt from the list" in ben.fills()
    chat.wait(days=8)
    assert "Mei: We noticed the door" in chat.last.words


@pytest.mark.anywhere
def test_prompts_do_not_repeat_and_change_category(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    for _week in range(20):
        ben.types("prompt now")
        ben.presses("Send it now")
        chat.wait(days=14)
    with Session(chat.engine) as session:
        asked = session.exec(select(Round).order_by(col(Round.id))).all()
    assert len({r.prompt_id for r in asked}) == 20
    assert all(a.category != b.category for a, b in itertools.pairwise(asked))


def test_reflection_is_private_unless_shared(chat: Chat) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("reflect")
    assert "Only you can read it" in mei.fills(body="I rushed the goodbye")
    assert chat.posts == []
    mei.shortcut("reflections.about", "A long message by Olu")
    assert "in the channel" in mei.fills(body="This helps me", audience="group")
    assert "Mei: This helps me" in chat.last.words
    assert "About: A long message by Olu" in chat.last.words
    mei.types("reflect")
    mei.fills(body="Between us", audience="facilitators")
    chat.wait(hours=1)
    assert "Between us" in ben.direct()[-1].words


MONDAY = datetime(2025, 10, 6, 13, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days_after_close", "may"), [(None, True), (0, True), (59, True), (60, False)])
def test_late_answer_is_allowed_for_a_limited_time(days_after_close: int | None, may: bool) -> None:
    closed = None if days_after_close is None else MONDAY - timedelta(days=days_after_close)
    assert rules.may_answer(closed, MONDAY) is may


@given(st.lists(st.integers(1, 4_000), max_size=60), st.integers(1, 3_000))
def test_pages_hold_every_answer_once_in_order_within_limits(sizes: list[int], room: int) -> None:
    pages = rules.pages(sizes, room)
    assert [i for page in pages for i in page] == list(range(len(sizes)))
    assert all(len(page) == 1 or sum(sizes[i] for i in page) <= room for page in pages)
    assert all(len(page) <= rules.MOST_ON_PAGE for page in pages)


def test_longest_content_fits_every_page(chat: Chat) -> None:
    names = [f"P{n}" for n in range(18)]
    create_community(chat, names)
    [ben, *people_] = actors(chat, "Ben", *names)
    ben.types("checkin open")
    ben.fills(question="*" * 500)
    for n, person in enumerate(people_):
        person.presses("Answer", on=chat.posts[0])
        person.fills(body="_" * (2_000 if n < 2 else 3))
    ben.types("checkin summary")
    ben.presses("Close it now")
    ben.presses("Add themes")
    ben.fills(themes="|" * 800)
    assert "18 people shared this" in chat.last.words
    assert "_" * 2_000 in ben.presses("Read all answers", on=chat.last)
    while "Next page" in [a.label for a in ben.shown.actions]:
        ben.presses("Next page")
    assert "P17" in words(ben.sees)


def test_admin_who_does_not_facilitate_reads_no_more_than_members(chat: Chat) -> None:
    create_community(chat)
    with Session(chat.engine) as session, session.begin():
        row = people.enrol(session, 1, person_key(session, chat, "Ada", chat.clock.now()))
        row.joined_at, row.role = chat.clock.now(), 3
    ben, mei, ada = actors(chat, "Ben", "Mei", "Ada")
    ben.types("checkin open Well?")
    mei.presses("Answer", on=chat.posts[0])
    answers(mei, "Between us", "facilitators")
    ada.types("checkin summary", root="facilitator")
    assert "shown to everyone when this closes" in ada.presses("Read the answers")
    chat.wait(days=4)
    assert "Between us" not in ada.presses("Read the answers", on=chat.posts[0])
    assert "Between us" in ben.presses("Read the answers", on=chat.posts[0])


def test_moods_of_fewer_than_five_are_not_counted() -> None:
    assert rules.moods([1, 2, 3, 4, 0]) == {}
    assert rules.moods([1, 2, 2, 4, 5, 0]) == {1: 1, 2: 2, 4: 1, 5: 1}


@pytest.mark.parametrize(
    ("opened", "closes", "nudged"),
    [
        ("Mon 21 09:00", "Thu 24 17:00", "Wed 23 10:00"),
        ("Wed 23 09:00", "Mon 28 17:00", "Mon 28 10:00"),  # day three is a Saturday
        ("Mon 21 16:00", "Tue 22 17:00", "Tue 22 10:00"),
        ("Mon 21 10:30", "Mon 21 12:30", "Mon 21 11:42"),  # ten is over
    ],
)
def test_nudge_comes_once_on_a_working_morning(opened: str, closes: str, nudged: str) -> None:
    def at(text: str) -> datetime:
        return datetime.strptime(f"2026 Sep {text[4:]} -0400", "%Y %b %d %H:%M %z")

    def rests(day: date) -> bool:
        return day.weekday() >= 5

    assert rules.nudge_at(at(opened), at(closes), "America/New_York", rests) == at(nudged)


def test_round_without_answers_offers_nothing_to_read(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?", root="facilitator")
    ben.types("checkin close", root="facilitator")
    assert "sum up the answers so far" in words(ben.sees)
    card = chat.in_channel()[0]

    ben.presses("Close it now")

    assert [a.label for a in card.message.actions if isinstance(a, Button)] == ["Answer late"]
