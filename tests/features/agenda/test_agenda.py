"""An agenda that a community makes for itself."""

from bot.ui import Message, Select, TickField
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors
from tests.support.meetings import create_meeting_community, local


def test_topics_are_collected_published_and_carried_over(chat: Chat) -> None:
    """From the call for topics to the published agenda; a topic that isn't chosen waits for the next meeting."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    chat.until(local(2025, 10, 1, 16, 1))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    chat.until(local(2025, 10, 29, 9, 1))
    [call] = [p for p in chat.in_channel() if p.message.title == "What is on your mind?"][1:]
    assert "without your name" in call.words

    olu.presses("Share a win", on=call)
    assert "Added: Nobody ran in the hallway" in olu.fills(title="Nobody ran in the hallway")
    assert "waits for the next meeting already" in mei.types("topic nobody ran in the hallway")
    assert "Added: Quiet arrivals" in mei.types("topic Quiet arrivals")
    # That meeting is over.
    assert "Quiet arrivals" not in card.words
    ben.types("agenda add Plan the spring visit", root="facilitator")
    assert "a facilitator added it, and why" in ben.fills(reason="The school needs dates")

    chat.until(local(2025, 11, 5, 17, 1))
    card = [p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle"][-1]
    assert "Win: Nobody ran in the hallway" in card.words
    assert "Quiet arrivals" in card.words

    ben.types("agenda publish", root="facilitator")
    said = ben.fills(topics="3 1")
    assert "with 2 topics" in said
    assert "1 waits for the next meeting" in said
    agenda = next(p for p in chat.in_channel() if p.message.title == "What we talk about")
    assert "Plan the spring visit – added by a facilitator: The school needs dates" in agenda.words
    assert "Quiet arrivals" not in agenda.words
    # The card follows.
    assert "Quiet arrivals" not in card.words

    chat.until(local(2025, 11, 13, 9))
    said = ben.types("agenda show", root="facilitator")
    assert "Waiting\n- Quiet arrivals" in said
    assert "hallway" not in said


def test_channel_card_shows_a_new_topic_at_once(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    chat.until(local(2025, 10, 2, 9))
    card = next(p for p in chat.in_channel() if p.message.title == "Meeting: Monthly circle")
    mei.presses("Suggest a topic", on=card)
    mei.fills(title="Rainy days")
    assert "Rainy days" in card.words
    mei.presses("Take it back")
    assert "Rainy days" not in card.words


def test_message_becomes_a_topic(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.shortcut("agenda.add", "How do you end the day?\nOurs drags on.")
    assert "Added: How do you end the day?" in mei.fills()
    assert "no words in that message" in mei.shortcut("agenda.add", "  \n ")


def test_empty_or_long_topic_is_refused_with_an_example(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    assert "at most 150" in mei.types("topic " + "x" * 200)
    mei.types("topic")
    assert "Please write one line" in mei.fills(title="")
    assert "Added" in mei.fills(title="<!channel> @everyone *now*")
    ben.types("agenda publish", root="facilitator")
    assert "tick at least one" in ben.fills(topics="")


def test_topic_is_withdrawn_by_its_author_or_a_facilitator_only(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    assert isinstance(mei.sees, Message)
    olu.sees = ben.sees = mei.sees
    assert "Only whoever suggested it" in olu.presses("Take it back")
    assert "Removed: Quiet arrivals" in ben.presses("Take it back")


def test_agenda_call_is_not_sent_when_paused_or_the_week_is_taken(chat: Chat) -> None:
    create_meeting_community(chat)
    ben = actors(chat, "Ben")[0]
    ada = chat.person("Ada", manages=True)
    ada.types("cadence pause", root="admin")
    chat.until(local(2025, 9, 25, 9))
    assert chat.in_channel() == []
    ada.types("cadence resume", root="admin")
    chat.until(local(2025, 10, 27, 9))
    ben.types("checkin open How is the week?", root="facilitator")
    chat.wait(days=3)
    assert not [p for p in chat.in_channel() if p.message.title == "What is on your mind?"]


def test_cancelled_meeting_returns_its_topics(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("topic Quiet arrivals")
    ben.types("agenda publish", root="facilitator")
    assert isinstance(ben.sees.fields[0], TickField)  # type: ignore[union-attr]
    ben.fills()
    ben.types("meeting cancel", root="facilitator")
    ben.fills()
    ben.presses("Cancel the meeting")
    assert "Waiting\n- Quiet arrivals" in ben.types("agenda show", root="facilitator")


def test_published_agenda_says_when_its_meeting_is_and_when_it_is_not(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("topic Quiet arrivals")
    ben.types("agenda publish", root="facilitator")
    ben.fills()
    [agenda] = [p for p in chat.in_channel() if p.message.title == "What we talk about"]
    assert "2025-10-08 20:00 UTC" in agenda.words
    ben.types("meeting move 9 Oct 4pm", root="facilitator")
    assert "2025-10-09 20:00 UTC" in agenda.words
    assert "2025-10-08" not in agenda.words
    ben.types("meeting cancel", root="facilitator")
    ben.fills()
    ben.presses("Cancel the meeting")
    assert "does not take place" in agenda.words
    ben.types("meeting restore", root="facilitator")
    assert "Quiet arrivals" in agenda.words


def told(who: Actor) -> list[str]:
    """Return what the bot told somebody of their topics, as it stands now."""
    return [p.words for p in who.direct() if "topic" in p.words]


def open_own_topic(who: Actor) -> None:
    """Open somebody's only topic among what they wrote."""
    who.types("data show")
    who.chooses("Open what you wrote", "Topics, wins, and challenges (1)")
    [menu] = [action for action in who.shown.actions if isinstance(action, Select)]
    who.chooses("Open one", menu.choices[0][1])


def choose_topic(ben: Actor, title: str) -> None:
    ben.types("agenda show", root="facilitator")
    ben.chooses("Remove one, or take it apart", title)


def merge(ben: Actor, into: str, topic: str) -> str:
    """Put two topics together, by their ids."""
    ben.types("agenda merge", root="facilitator")
    return ben.fills(into=into, topic=topic)


def test_author_is_told_once_when_a_facilitator_removes_their_topic(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    choose_topic(ben, "Quiet arrivals")
    said = ben.presses("Remove topic")
    assert "Removed: Quiet arrivals" in said
    # A topic is without its author's name, for facilitators too.
    assert "Mei" not in said
    [note] = told(mei)
    assert "A facilitator took your topic “Quiet arrivals” off the list" in note
    assert told(olu) == told(ben) == []


def test_who_removes_their_own_topic_is_told_nothing(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("topic Quiet arrivals")
    mei.presses("Take it back")
    ben.types("topic Noisy exits")
    choose_topic(ben, "Noisy exits")
    assert "Taken back" in ben.presses("Remove topic")
    assert told(mei) == told(ben) == []


def test_author_is_told_that_topics_were_put_together_and_that_this_no_longer_holds(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    olu.types("topic Arriving in silence")
    assert "I’ve told them" in merge(ben, "1", "2")
    assert "your topic “Arriving in silence” together with “Quiet arrivals”" in told(olu)[0]
    assert told(mei) == []

    chat.wait(minutes=1)
    choose_topic(ben, "Quiet arrivals")
    assert "Put together with it\n- Arriving in silence" in words(ben.sees)
    ben.presses("Take them apart")
    assert len(told(olu)) == 2
    # Neither message says any more what no longer holds.
    assert all("“Arriving in silence” is on the list by itself again" in each for each in told(olu))
    assert told(mei) == []


def test_removing_a_topic_is_told_to_those_it_stood_for_too(chat: Chat) -> None:
    """Also when its own author takes it back, which they aren't told."""
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    olu.types("topic Arriving in silence")
    merge(ben, "1", "2")
    chat.wait(minutes=1)
    open_own_topic(mei)
    mei.presses("Take back")
    mei.presses("Take it back")
    assert told(mei) == []
    assert len(told(olu)) == 2
    assert not any("Quiet arrivals" in each for each in told(olu))


def test_topics_merged_one_after_the_other_are_told_which_one_is_on_the_list(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu, ana = actors(chat, "Ben", "Mei", "Olu", "Ana")
    mei.types("topic Quiet arrivals")
    olu.types("topic Arriving in silence")
    ana.types("topic A calm start")
    merge(ben, "2", "1")
    chat.wait(minutes=1)
    merge(ben, "3", "2")
    assert "together with “A calm start”" in told(olu)[-1]
    assert [len(told(who)) for who in (mei, olu, ana)] == [2, 1, 0]
    assert all("together with “A calm start”" in each for each in told(mei))


def test_what_was_done_and_undone_in_quiet_hours_is_never_told(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    olu.types("topic Arriving in silence")
    olu.types("quiet 8 18")
    merge(ben, "1", "2")
    ben.presses("Take them apart")
    chat.wait(hours=12)
    assert told(olu) == []


def test_message_about_a_topic_follows_the_words_of_the_other(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    mei.types("topic Quiet arrivals")
    olu.types("topic Arriving in silence")
    merge(ben, "1", "2")
    open_own_topic(mei)
    mei.presses("Change")
    mei.fills(title="Arrivals without noise")
    [note] = told(olu)
    assert "together with “Arrivals without noise”" in note
    assert "Quiet arrivals" not in note


def test_published_agenda_follows_what_is_added_removed_and_changed(chat: Chat) -> None:
    create_meeting_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    mei.types("topic Quiet arrivals")
    ben.types("agenda publish", root="facilitator")
    ben.fills()
    [agenda] = [p for p in chat.in_channel() if p.message.title == "What we talk about"]
    ben.types("agenda add Plan the spring visit", root="facilitator")
    ben.fills(reason="The school needs dates")
    assert "Plan the spring visit" in agenda.words
    ben.presses("Take it back")
    choose_topic(ben, "Quiet arrivals")
    ben.presses("Remove topic")
    assert "Quiet arrivals" not in agenda.words
    assert "Plan the spring visit" not in agenda.words
    assert "No topics for now" in agenda.words
