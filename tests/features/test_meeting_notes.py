"""Notes of a meeting: written while it lasts, shared when ready, and followed up at the next one."""

from bot.ui import Form, Select
from tests.support.chat import Chat
from tests.support.community import actors
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members, local


def test_notes_are_written_during_a_meeting_and_shared_with_a_click(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "No meeting has begun yet" in ben.types("meeting notes", root="facilitator")
    chat.until(local(2025, 10, 8, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    assert "No notes have been shared yet" in mei.presses("Notes", on=card)
    ben.presses("Notes", on=card)
    said = ben.fills(decisions="Start at four sharp", resources="https://example.org/games", commitments="Tea: Olu")
    assert "Only facilitators see this so far" in said
    assert "No notes have been shared yet" in mei.types("notes")
    ben.presses("Share with everyone here")
    [posted] = [p for p in chat.in_channel() if p.message.title == "What our meeting came to"]
    assert posted.under == card.id
    assert "Start at four sharp" in posted.words
    assert "Start at four sharp" in mei.types("notes")
    assert "Start at four sharp" in mei.presses("Notes", on=card)
    mei.types("notes missed")
    assert "Start at four sharp" in mei.presses("Notes")

    ben.presses("Change")
    ben.fills(decisions="Start at half past four")
    assert "half past four" in posted.words


def test_quotes_are_kept_only_with_consent(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 8, 16, 30))
    ben.types("meeting notes", root="facilitator")
    assert "if everybody you name agreed" in ben.fills(said="Mei: more tea")
    assert "Mei: more tea" in ben.fills(agreed="yes")


def test_second_writer_sees_what_the_first_wrote(chat: Chat) -> None:
    """Two people write at the same time."""
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 8, 16, 30))
    ben.types("meeting notes", root="facilitator")
    stale = ben.sees
    ben.types("meeting notes", root="facilitator")
    ben.fills(decisions="Start at four sharp")
    ben.sees = stale
    assert "Start at four sharp" in ben.fills(decisions="Start at five")
    assert "Start at five" in ben.fills()


def test_notes_are_refused_before_the_meeting_or_when_empty(chat: Chat) -> None:
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 8, 15, 1))
    ben.types("meeting notes", root="facilitator")
    assert isinstance(ben.sees, Form)
    assert "Any one of them is enough" in ben.fills()
    assert "keep it to 600" in ben.fills(decisions="x" * 900)


def test_feedback_is_answered_on_the_card_of_the_next_meeting(chat: Chat) -> None:
    id = create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    card = end_first_meeting(chat)
    assert card.message.actions[0].label == "Answer"
    for who in (mei, olu, ana, *join_members(chat, id, "Lee", "Kim")):
        who.presses("Answer", on=card)
        who.fills(change="Less talk from the front")
    # There is none whose feedback is closed.
    assert "No meeting has been held yet" in ben.types("feedback reply", root="facilitator")
    chat.wait(days=7)
    ben.presses("Write what we did about it")
    assert "Please write a line here" in ben.fills(said="Less talk from the front")
    said = ben.fills(did="Half of each meeting is in small groups now")
    assert "on the card of the meeting 2025-11-12" in said
    assert "1 reply" in ben.types("feedback show", root="facilitator")
    chat.until(local(2025, 11, 5, 16, 1))
    ready = [p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"][-1]
    assert "You said: Less talk from the front – We did: Half of each meeting is in small groups now" in ready.words
    ben.sees = None
    ben.types("feedback reply", root="facilitator")
    ben.fills(said="Tea", did="There is tea")
    assert "We did: There is tea" in ready.words
    ben.presses("Take it back")
    assert "There is tea" not in ready.words


def test_feedback_reply_is_not_offered_with_too_few_answers(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    card = end_first_meeting(chat)
    mei.presses("Answer", on=card)
    mei.fills(change="Less talk from the front")
    chat.wait(days=8)
    assert "fewer than 5 answered" in ben.types("feedback reply", root="facilitator")


def test_notes_that_several_write_can_be_emptied_and_not_taken_back(chat: Chat) -> None:
    """Nothing says whose each line is, so nobody takes back what others wrote."""
    create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    chat.until(local(2025, 10, 8, 17, 1))
    ben.types("meeting notes", root="facilitator")
    ben.fills(decisions="Start at four sharp")
    ben.presses("Share with everyone here")
    shared = chat.last
    ben.types("data show")
    ben.chooses("Open what you wrote", "Notes of meetings (1)")
    [menu] = [action for action in ben.shown.actions if isinstance(action, Select)]
    said = ben.chooses("Open one", menu.choices[0][1])
    assert "Several facilitators write these notes as one" in said
    assert "Take back" not in [action.label for action in ben.shown.actions]
    ben.presses("Change")
    ben.fills(decisions="")
    assert "Start at four sharp" not in shared.words
    assert "Nothing was written down" in shared.words
