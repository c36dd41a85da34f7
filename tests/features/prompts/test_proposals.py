"""Members propose prompts and vote for them, facilitators decide, and a community writes its own."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.core import signals
from bot.features.prompts import bank
from bot.ui import Button, Message
from storage.communities import communities
from storage.learning import rounds
from storage.learning.community_prompts import CommunityPrompt, PromptVote
from storage.messaging import timers
from tests.support.chat import Actor, Chat, Post
from tests.support.community import actors, create_community
from tests.support.scenes import scene

QUESTION = "What did young people teach you in your last session?"


def saved(chat: Chat) -> list[CommunityPrompt]:
    with Session(chat.engine) as session:
        return [*session.exec(select(CommunityPrompt).order_by(col(CommunityPrompt.id)))]


def card(chat: Chat) -> Post:
    return next(p for p in reversed(chat.in_channel()) if QUESTION in p.words or "proposal is closed" in p.words)


@scene
def proposed(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types(f"reflect propose {QUESTION}")


def story(chat: Chat) -> tuple[Actor, Actor, Actor]:
    proposed(chat)
    mei, olu, ben = actors(chat, "Mei", "Olu", "Ben")
    return mei, olu, ben


def test_proposal_is_shown_without_its_writer_and_facilitators_are_asked(chat: Chat) -> None:
    _mei, _olu, ben = story(chat)
    assert "1 vote." in card(chat).words
    assert "Mei" not in card(chat).words
    [asked] = [p.words for p in ben.direct()]
    assert QUESTION in asked
    assert "Mei" not in asked


def test_votes_are_counted_once_and_can_be_taken_back(chat: Chat) -> None:
    mei, olu, _ben = story(chat)
    assert "Your vote counts" in olu.presses("Vote for it", on=card(chat))
    assert "already voted" in olu.presses("Vote for it", on=card(chat))
    assert "already voted" in mei.presses("Vote for it", on=card(chat))
    assert "2 votes." in card(chat).words
    assert "2 votes, with yours" in mei.types("vote prompts")
    olu.presses("Vote for it", on=card(chat))
    voted = olu.sees
    for _twice in range(2):
        olu.sees = voted
        assert "Your vote is gone" in olu.presses("Take the vote back")
    assert "1 vote." in card(chat).words
    olu.types("vote prompts")
    assert "Your vote counts" in olu.chooses("Vote for one", QUESTION)


def test_approved_prompt_is_asked_before_those_of_the_bank_and_only_once(chat: Chat) -> None:
    mei, olu, ben = story(chat)
    ben.types("prompt proposals")
    ben.chooses("Decide on one", QUESTION)
    assert "Approved" in ben.fills(decision="yes", category="noticing practice", depth="1", reason="Lovely.")
    [told] = [p.words for p in mei.direct()]
    assert "was approved" in told
    assert "Lovely." in told
    assert "Ben" not in told
    assert "one of our prompts now" in card(chat).words
    assert "already decided" in olu.presses("Vote for it", on=buttons(VOTE))
    assert QUESTION in ben.types("prompt now")
    ben.presses("Send it now")
    assert QUESTION in chat.last.words
    chat.wait(days=10)
    assert QUESTION not in ben.types("prompt now")


def test_declined_prompt_is_gone_and_its_writer_is_told_with_its_words(chat: Chat) -> None:
    mei, _olu, ben = story(chat)
    ben.presses("Decide", on=ben.direct()[-1])
    late = ben.sees
    ben.presses("Decide", on=ben.direct()[-1])
    assert "Choose yes or no" in ben.fills(decision="")
    assert "I’ve told who proposed it" in ben.fills(decision="no", reason="We asked this in June.")
    [told] = [p.words for p in mei.direct()]
    assert QUESTION in told
    assert "We asked this in June." in told
    assert card(chat).words.strip() == "This proposal is closed."
    assert saved(chat) == []
    ben.sees = late
    assert "already decided" in ben.fills(decision="yes")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("What did you try last week and how did it go?", "two questions"),
        ("What should mentors do next week?", "advice in disguise"),
        ("What helped student Maya last week?", "points at one young person"),
        (f"{QUESTION[:-1]} ?", "already here"),
        (bank.by_id("wins-small-enough").text, "already here"),
        ("¿Qué probaste la semana pasada y cómo te fue?", "two questions"),
        (bank.by_id("wins-small-enough", "es").text, "already here"),
        ("What " + "x" * 300 + " last week?", "Keep to 300"),
    ],
)
def test_badly_asked_proposal_is_refused_with_the_reason_and_nothing_typed_is_lost(
    chat: Chat, typed: str, why: str
) -> None:
    _mei, olu, _ben = story(chat)
    assert why in olu.types(f"reflect propose {typed}")
    assert len(saved(chat)) == 1
    olu.types("reflect propose")
    assert why in olu.fills(text=typed)
    assert len(saved(chat)) == 1


def test_member_has_three_proposals_at_most_that_wait(chat: Chat) -> None:
    mei, _olu, _ben = story(chat)
    mei.types("reflect propose What made you laugh at work this week?")
    mei.types("reflect propose Where did you feel rushed on your last working day?")
    assert "3 prompts that still wait" in mei.types("reflect propose What did you hear from a partner this month?")
    assert "3 prompts that still wait" in mei.types("reflect propose")
    assert len(saved(chat)) == 3


def test_changed_question_loses_the_votes_it_had(chat: Chat) -> None:
    mei, olu, ben = story(chat)
    olu.presses("Vote for it", on=card(chat))
    mei.types("reflect propose What made you laugh at work this week?")
    laugh = chat.last
    olu.presses("Vote for it", on=laugh)
    assert "2 votes." in laugh.words
    mei.types("reflect propose What were you late for this week?")
    open_written(mei, 2)
    mei.presses("Change")
    mei.fills(text="What made you smile at work this week?", starter="I smiled")
    changed = saved(chat)[1]
    assert (changed.text, changed.starter) == ("What made you smile at work this week?", "I smiled…")
    assert "smile" in laugh.words
    assert "1 vote." in laugh.words
    assert "2 votes." in card(chat).words
    assert any("smile" in p.words for p in ben.direct())


def test_proposal_taken_back_closes_its_card(chat: Chat) -> None:
    mei, olu, ben = story(chat)
    olu.presses("Vote for it", on=card(chat))
    open_written(mei, 1)
    mei.presses("Take back")
    mei.presses("Take it back")
    assert saved(chat) == []
    assert "closed" in card(chat).words
    assert "closed" in ben.direct()[-1].words


def open_written(who: Actor, id: int) -> None:
    """Open a proposal as `data show` does."""
    who.presses("Open", on=buttons(Button("Open", signals.OPEN_WRITTEN, f"prompts.proposal/{id}")))


def buttons(*actions: Button) -> Post:
    """A message with buttons, as somebody still sees it who hasn't loaded it anew, or a stranger makes it up."""
    return Post("", Message((), actions=actions))


VOTE, DECIDE = Button("Vote for it", "prompts.vote", "1"), Button("Decide", "prompts.decide", "1")


def test_writer_who_leaves_is_told_nothing_and_the_prompt_stays(chat: Chat) -> None:
    mei, _olu, ben = story(chat)
    mei.types("leave")
    mei.presses("Leave")
    before = len(mei.direct())
    ben.presses("Decide", on=ben.direct()[-1])
    ben.fills(decision="yes")
    assert len(mei.direct()) == before
    [row] = saved(chat)
    assert row.approved_at
    assert row.person_id is None
    with Session(chat.engine) as session:
        assert not session.exec(select(PromptVote)).all()


def test_community_writes_its_own_and_deleting_it_while_open_keeps_the_round(chat: Chat) -> None:
    create_community(chat)
    mei, ben = actors(chat, "Mei", "Ben")
    ben.types("prompt write What should we try next week?")
    assert "advice in disguise" in ben.fills()
    assert "Saved" in ben.fills(text=QUESTION, starter="They taught me", depth="2")
    with Session(chat.engine) as session, session.begin():
        timers.put(session, 1, "prompts.due", "1", chat.clock.now() + timedelta(hours=1))
    chat.wait(hours=2)
    assert QUESTION in chat.last.words
    ben.types("prompt own")
    menu = ben.sees
    assert "Deleted" in ben.chooses("Delete one", QUESTION)
    assert saved(chat) == []
    ben.sees = menu
    assert "isn’t here anymore" in ben.chooses("Delete one", QUESTION)
    mei.presses("Answer", on=chat.last)
    mei.fills(body="Patience.")
    chat.wait(days=8)
    with Session(chat.engine) as session:
        [round] = rounds.recent(session, 1, rounds.REFLECTION, 5)
        assert (round.question, round.starter, round.prompt_id) == (QUESTION, "They taught me…", "own-1")
    assert any("Patience." in p.words for p in chat.posts)
    assert QUESTION not in ben.types("prompt now")


def test_facilitator_who_deletes_a_members_prompt_tells_them(chat: Chat) -> None:
    mei, _olu, ben = story(chat)
    ben.presses("Decide", on=ben.direct()[-1])
    ben.fills(decision="yes")
    ben.types("prompt own")
    ben.chooses("Delete one", QUESTION)
    assert "A facilitator deleted your prompt" in mei.direct()[-1].words
    assert "closed" in card(chat).words


def test_prompt_of_another_community_can_be_neither_voted_for_nor_decided(chat: Chat) -> None:
    story(chat)
    create_community(chat, ("Kit",), name="STEAM", channel="steam", facilitator="Lin")
    kit, lin = actors(chat, "Kit", "Lin")
    kit.channel = lin.channel = "steam"
    assert "No proposals are open" in kit.types("vote prompts")
    assert "already decided" in kit.presses("Vote for it", on=buttons(VOTE))
    assert "already decided" in lin.presses("Decide", on=buttons(DECIDE))
    assert "for facilitators: Lin" in kit.presses("Decide", on=buttons(DECIDE))


def test_paused_community_lists_and_votes_all_the_same(chat: Chat) -> None:
    _mei, olu, _ben = story(chat)
    with Session(chat.engine) as session, session.begin():
        community = communities.get(session, 1)
        assert community
        community.paused = True
    assert "Your vote counts" in olu.presses("Vote for it", on=card(chat))
