"""After a meeting: feedback that can't be traced to anyone, and private commitments."""

from dataclasses import replace

import pytest
from sqlmodel import Session

from bot.core.events import Click
from bot.features.feedback import rules
from bot.ui import Button
from storage.communities import communities
from tests.support.chat import Chat, words
from tests.support.community import ZONE, actors, join_program
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members, local


def test_feedback_is_shown_after_it_closes_with_five_answers(chat: Chat) -> None:
    """Facilitators read it once answers have closed, and only if five people answered."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    more = join_members(chat, id, "Lee", "Kim")
    card = end_first_meeting(chat)
    assert "open until 2025-10-15" in card.words
    assert "without names, if 5 people or more have answered" in card.words

    for n, who in enumerate((mei, olu, ana, more[0])):
        who.presses("Answer", on=card)
        assert "Thank you" in who.fills(worked=f"Small groups {n}", useful=str(n + 1))
    assert "4 answered so far" in card.words
    more[1].presses("Answer", on=card)
    more[1].fills(worked="A quiet start", change="More time", useful="5")
    chat.wait(days=7)
    assert "5 people have said how Monthly circle was" in ben.direct()[-1].words
    said = ben.types("feedback show", root="facilitator")
    assert "Useful, 1 to 5: 3.0" in said
    assert "A quiet start" in said
    assert "More time" in said
    assert "Kim" not in said
    assert "is for facilitators" in mei.types("feedback show", root="facilitator")


def test_answers_are_not_shown_one_by_one_while_open(chat: Chat) -> None:
    """Nobody can compare what it said before and after one more answer."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    card = end_first_meeting(chat)
    as_it_was = replace(card)
    looks = []
    for n, who in enumerate((mei, olu, ana, *join_members(chat, id, "Lee", "Kim", "Jo", "Sam"))):
        who.presses("Answer", on=card)
        who.fills(worked=f"Small groups {n}", useful=str(n % 5 + 1))
        looks.append(ben.types("feedback show", root="facilitator"))
    mei.presses("Answer", on=card)
    mei.fills(worked="Tea after all")
    looks.append(ben.types("feedback show", root="facilitator"))
    ana.presses("Answer", on=card)
    assert "deleted" in ana.fills(worked="", useful="")
    looks.append(ben.types("feedback show", root="facilitator"))
    for look in looks:
        assert "Small groups" not in look
        assert "Tea" not in look
        assert "Useful" not in look
    assert "5 people have answered so far. What they say is shown from 2025-10-15 20:00 UTC on" in looks[4]

    chat.wait(days=7)
    said = ben.types("feedback show", root="facilitator")
    assert "Answered: 6" in said
    assert "Tea after all" in said
    # Ana withdrew hers.
    assert "Small groups 2" not in said
    # From now on it can't be changed, and the card says so. An old copy of it may still be on somebody's screen.
    assert "Feedback on Monthly circle closed 2025-10-15 20:00 UTC. 6 people answered." in card.words
    assert card.message.actions == ()
    assert "were welcome until" in olu.presses("Answer", on=as_it_was)


def test_card_without_answers_says_that_feedback_has_closed(chat: Chat) -> None:
    create_meeting_community(chat)
    card = end_first_meeting(chat)
    assert "open until 2025-10-15 20:00 UTC" in card.words
    chat.until(local(2025, 10, 15, 15, 59))
    assert [a.label for a in card.message.actions if isinstance(a, Button)] == ["Answer"]
    chat.until(local(2025, 10, 15, 16, 0))
    assert "Feedback on Monthly circle closed 2025-10-15 20:00 UTC." in card.words
    assert "open until" not in card.words
    assert card.message.actions == ()


def test_feedback_of_four_is_never_shown_or_announced(chat: Chat) -> None:
    """Nobody is called to read it either."""
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    card = end_first_meeting(chat)
    told = len(ben.direct())
    for who in (mei, olu, ana, *join_members(chat, id, "Lee")):
        who.presses("Answer", on=card)
        who.fills(worked="Small groups", useful="4")
    chat.wait(days=8)
    said = ben.types("feedback show", root="facilitator")
    assert "4 people have answered" in said
    assert "fewer than 5 are not shown" in said
    assert "Small groups" not in said
    assert len(ben.direct()) == told


def test_previous_feedback_stays_readable_while_new_answers_come(chat: Chat) -> None:
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    card = end_first_meeting(chat)
    for who in (mei, olu, ana, *join_members(chat, id, "Lee", "Kim")):
        who.presses("Answer", on=card)
        who.fills(worked="October’s round", useful="4")
    chat.until(local(2025, 11, 13, 9))
    mei.presses("Answer", on=[p for p in chat.in_channel() if p.message.title == "After the meeting"][-1])
    mei.fills(worked="November’s round")
    said = ben.types("feedback show", root="facilitator")
    assert "October’s round" in said
    assert "1 person has answered so far" in said
    assert "November’s round" not in said


def test_changed_answer_is_counted_once(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    card = end_first_meeting(chat)
    mei.presses("Answer", on=card)
    assert "Any one answer is enough" in mei.fills()
    mei.fills(worked="Small groups")
    mei.presses("Change it")
    mei.fills(worked="Small groups, and tea")
    assert "1 answered so far" in card.words
    mei.presses("Answer", on=card)
    assert "keep it to 1000 characters" in mei.fills(worked="x" * 1500)


def test_commitment_is_private(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    card = end_first_meeting(chat)
    mei.presses("Answer", on=card)
    mei.fills(commitment="When Mondays begin, I will greet each child by name by Friday")
    said = mei.types("my commitments")
    assert "greet each child" in said
    assert "not looked at yet" in said
    mei.chooses("How is it going with one?", "When Mondays begin, I will greet each child by name by Friday")
    assert "what you changed is worth as much" in mei.presses("Adapted")
    assert "adapted, since" in mei.presses("Back")

    assert "none down yet" in olu.types("my commitments")
    theirs = chat.app.handle(Click(olu.place(), olu.who, "feedback.state", "1:1.1"))
    assert "no longer there" in words(theirs)


def test_takeaway_is_shared_with_the_organization_after_a_yes(chat: Chat) -> None:
    id = create_meeting_community(chat)
    mei, olu = join_members(chat, id, "Mei", "Olu", organization="East Side House")
    [ana] = join_members(chat, id, "Ana", organization="Library")
    card = end_first_meeting(chat)
    mei.presses("Answer", on=card)
    assert "share it with colleagues at East Side House" in mei.fills(home="A quiet corner by the door")
    assert "Nothing yet" in olu.types("my takeaways")
    assert "only you see it" in mei.types("my takeaways")

    mei.presses("Answer", on=card)
    mei.fills()
    assert "Shared: colleagues at East Side House" in mei.presses("Share with colleagues")
    assert "Mei: A quiet corner by the door" in olu.types("my takeaways")
    assert "Nothing yet" in ana.types("my takeaways")
    mei.presses("Answer", on=card)
    assert "all you had said about that meeting is deleted" in mei.fills(home="")
    assert "Nothing yet" in olu.types("my takeaways")
    assert "answered so far" not in card.words


def test_takeaways_reach_colleagues_in_the_program(chat: Chat) -> None:
    """Colleagues in another community of the program see each other's takeaways."""
    id = create_meeting_community(chat)
    [mei] = join_members(chat, id, "Mei", organization="East Side House")
    with Session(chat.engine) as session, session.begin():
        now = chat.clock.now()
        row = communities.add(session, name="Leaders", purpose="", zone=ZONE, locale="en", now=now)
        assert row.id
        join_program(session, "OST", id, row.id)
        communities.bind(session, row.id, chat.name, chat.space, "leaders")
        other = row.id
    [sol] = join_members(chat, other, "Sol", organization="East Side House")
    sol.channel = "leaders"
    card = end_first_meeting(chat)
    mei.presses("Answer", on=card)
    mei.fills(home="A quiet corner")
    mei.presses("Share with colleagues")
    assert "Mei: A quiet corner" in sol.types("my takeaways")


def test_feedback_is_refused_late_and_before_the_meeting(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "No meeting has been held yet" in ben.types("feedback show", root="facilitator")
    early = chat.app.handle(Click(mei.place(), mei.who, "feedback.answer", "1:1"))
    assert "no such meeting" in words(early)
    as_it_was = replace(end_first_meeting(chat))
    chat.wait(days=15)
    assert "were welcome until" in mei.presses("Answer", on=as_it_was)


@pytest.mark.parametrize(
    ("ratings", "mean"), [([5, 4, 3, 2, 1], 3.0), ([5, 5, 5, 5, 0], None), ([], None), ([1, 2, 2, 2, 2, 0], 1.8)]
)
def test_average_needs_five_ratings(ratings: list[int], mean: float | None) -> None:
    assert rules.mean(ratings) == mean


def test_order_of_answers_reveals_nothing() -> None:
    assert rules.unlinked(["pens", "", "Apples", "chairs"]) == ["Apples", "chairs", "pens"]
