"""The story of a community's check-ins, in chapters that build on each other, in one or several rooms at once.

Ada builds and schedules. Alice and Bob of each room answer, and read what comes of it.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from tests.conformance.discord_people import DiscordPerson
from tests.conformance.people import PersonAtKeyboard, Room, Shown, card_with, said_under, sent_to
from tests.conformance.slack_people import SlackPerson

LOAD = """\
How full is your plate? (1-5: light ... too full) *
Would a hand help? (yes/no)
  if yes: With what? (short)
Where were you? (several: gym / yard / room)
How many shifts could you not cover? (number)
When is your next walk? (date)
What got in the way?"""


def named(what: str, room: Room) -> str:
    return f"{what} on {room.platform}"


# --- building


async def builds_from_a_template(room: Room) -> None:
    """Ada chooses a template, tries it, gives it a name and saves it."""
    ada, name = room.ada, named("Monday", room)
    await ada.types("checkin new", "facilitate")
    await ada.chooses("Choose a template", "monday")
    assert "looking forward to this week?" in ada.sees.words
    await ada.presses("Try it")
    await answers(ada, "The trip", None, "yes")
    await goes_on(ada)
    await answers(ada, "Bring chairs")
    assert "Nothing was saved" in ada.sees.words
    assert "Bring chairs" in ada.sees.words
    await ada.presses("Back to the preview")
    await ada.presses("Name and readers")
    await ada.fills(name=name, closing="Have a good week.")
    assert "Have a good week." in ada.sees.words
    await ada.presses("Use it")
    assert "No one has been asked yet" in ada.sees.words


async def builds_from_lines(room: Room) -> None:
    """Ada writes questions of every type, corrects one line, changes one question, and wants to read the summary."""
    ada, name = room.ada, named("Load", room)
    await ada.types("checkin new", "facilitate")
    await ada.presses("Write my own")
    await ada.fills(name=name, lines=LOAD.replace("(number)", "(numbr)"))
    assert "Did you mean (number)?" in ada.sees.problems
    await ada.fills(name=name, lines=LOAD)
    assert "page 1 of 2: questions 1 to 2" in ada.sees.words
    await ada.chooses("Change one question", "7")
    await ada.fills(words="What got in your way?", condition="if red to question 1")
    assert ada.sees.problems
    await ada.fills(words="What got in your way?", condition="")
    await ada.presses("Name and readers")
    await ada.fills(review=["reviewed"])
    await ada.presses("Use it")
    assert name in ada.sees.words


async def keeps_them_in_order(room: Room) -> None:
    """A saved check-in is found in the list, changed, copied, handed over as a file and back, and put away."""
    ada, name = room.ada, named("Monday", room)
    await ada.types("checkin list", "facilitate")
    assert name in ada.sees.words
    await ada.types(f"checkin clone {name}", "facilitate")
    await ada.presses("Use it")
    await ada.presses("See it")
    assert f"{name} (copy)" in ada.sees.words
    await ada.presses("Get the file")
    await sent_to(ada, "no one’s answers")
    await ada.types(f"checkin edit {name} (copy)", "facilitate")
    await ada.presses("Change questions")
    await ada.fills(lines="What are you looking forward to? (short)\nWho helped? (short)")
    assert "reworded" in ada.sees.words
    await ada.presses("Throw away")
    await ada.types(f"checkin rest {name} (copy)", "facilitate")
    await ada.presses("Archive")
    assert "Archived" in ada.sees.words
    await ada.presses("Undo")
    await ada.types(f"checkin archive {name} (copy)", "facilitate")
    await ada.types("checkin import", "facilitate")
    await ada.fills(file="check-in: From a file\nquestions:\n- What now? (shrt)\n")
    assert ada.sees.problems
    await ada.fills(file="check-in: From a file\nquestions:\n- What now? (short)\n")
    assert "What now?" in ada.sees.words
    await ada.presses("Throw away")


# --- answering


async def asks(room: Room, name: str, rooms: Sequence[Room]) -> Sequence[Shown]:
    """Ada asks a saved check-in from one room. Returns its card in each of the rooms."""
    await room.ada.types(f"checkin open {name}", "facilitate")
    assert "on its way to the channel" in room.ada.sees.words
    return [await card_with(each, name) for each in rooms]


async def answers(person: PersonAtKeyboard, *values: Any) -> None:
    """Fill in the fields of the form that is open, in their order; None leaves one as it is."""
    await person.fills(**{f: v for f, v in zip(person.sees.fields, values, strict=False) if v is not None})


async def goes_on(person: PersonAtKeyboard) -> None:
    """Open the next page of a form, where the platform can't open it by itself."""
    if not person.sees.is_form:
        await person.presses("Continue")


async def is_answered_page_by_page(asking: Room, *rooms: Room) -> None:
    """Seven questions on two pages are answered at once, in parts, and only for facilitators. Ada reads it first."""
    ada, name = asking.ada, named("Load", asking)
    cards = await asks(asking, name, rooms)
    controls = ada.sees
    for room, card in zip(rooms, cards, strict=True):
        alice, bob = room.alice, room.bob
        await alice.presses("Answer", card)
        await answers(alice, "4", "yes")
        await goes_on(alice)
        await answers(alice, "Chairs", ["gym", "yard"], "2,5", "2030-10-12", f"The late bus, says {room.platform}")
        assert "Gym, Yard".lower() in alice.sees.words.lower()
        await alice.presses("Change it")
        assert "4" in str(alice.sees.fields)
        await answers(alice, "5", "no")
        await goes_on(alice)
        await answers(alice)
        assert "no longer applies" in alice.sees.words, alice.sees.words
        await alice.presses("Only facilitators")
        await alice.presses("Everyone here")

        await bob.presses("Answer", card)
        await answers(bob, "3", "no")
        await goes_on(bob)
        # They close it, and go on from their home card.
        await bob.types("home")
        assert "answered" in bob.sees.words
        await bob.types("answer")
        await answers(bob, None, "2")
        assert "your answer is kept" in bob.sees.words
    await ada.presses("Answer", cards[rooms.index(asking)])
    await answers(ada, "1", "no")
    await goes_on(ada)
    await answers(ada)
    await card_with(rooms[-1], "5 heard from")

    await ada.presses("Who is not heard yet", controls)
    await ada.presses("Close it now", controls)
    review = await sent_to(ada, "Only facilitators can see this. I’ll post it")
    assert "5 answers. Middle:" in review.words
    await ada.presses("Add themes", review)
    await ada.fills(themes="Buses, and full plates")
    await ada.presses("Post it now", await sent_to(ada, "Buses, and full plates"))
    for room, card in zip(rooms, cards, strict=True):
        summary = await said_under(room, card, "Buses, and full plates")
        for platform in ("slack", "discord"):
            assert f"The late bus, says {platform}" in summary.words
        await room.bob.presses("Read all answers", summary)
        assert "The late bus" in room.bob.sees.words
        assert len([said for said in await room.thread(card) if "Buses" in said.words]) == 1


async def is_answered_by_one_press(asking: Room, *rooms: Room) -> None:
    """A question on a scale is a row of buttons on its card. Words can be added to what was pressed."""
    ada, name = asking.ada, named("Plate", asking)
    await ada.types("checkin new", "facilitate")
    await ada.presses("Write my own")
    await ada.fills(name=name, lines="How full is your plate? (1-5: light ... too full)")
    await ada.presses("Use it")
    await ada.presses("Ask it now")
    await ada.fills(days="2")
    for room in rooms:
        card = await card_with(room, name)
        await room.alice.presses("4", card)
        await room.alice.presses("Add words")
        await answers(room.alice, None, "Reports are due")
        assert "Reports are due" in room.alice.sees.words
        await room.bob.presses("Let this one pass", card)
        await room.bob.presses("Answer after all")


async def is_answered_by_typing(asking: Room, *rooms: Room) -> None:
    """What is typed to the bot is an answer once its writer says so, also after an edit. It outlives the message."""
    question = named("What went well", asking) + "?"
    await asking.ada.types(f"checkin open {question}", "facilitate")
    for room in rooms:
        card = await card_with(room, question)
        alice, bob = room.alice, room.bob
        assert isinstance(alice, SlackPerson | DiscordPerson)
        await alice.whispers("We began with snacks")
        assert "Is this your answer?" in alice.sees.words
        assert question in alice.sees.words.replace("\\", "")
        await alice.presses("Keep it")
        assert "your answer is kept" in alice.sees.words
        assert "Changed" in (await alice.edits("We began with songs")).words
        assert "I still keep your answer" in (await alice.deletes()).words
        await alice.presses("Keep it")
        assert "We began with songs" in alice.sees.words
        # Bob passed the other question and has this one open, and one that was asked in private.
        if isinstance(bob, SlackPerson):
            await bob.mentions("A song at the door", in_thread_of=card)
        else:
            assert isinstance(bob, DiscordPerson)
            await bob.mentions("A song at the door", in_reply_to=card, by_name=False)
        assert "Is this your answer?" in bob.sees.words
        await bob.presses("No")
        assert "didn’t save it" in bob.sees.words


async def is_put_off(*rooms: Room) -> None:
    """What people say to a colleague who asks too much is understood."""
    for room in rooms:
        bob = room.bob
        await bob.whispers("help")
        assert "Write your answer here" in bob.sees.words
        await bob.whispers("stop")
        assert "What should stop?" in bob.sees.words
        await bob.presses("Private messages until …")
        await bob.presses("Pause for a week")
        await bob.presses("Resume now")
        await bob.whispers("thanks")
        assert "welcome" in bob.sees.words
        await bob.whispers("later")
        assert "When should I ask you again?" in bob.sees.words
        # The others are nudged as all are.
        if room is rooms[-1]:
            await bob.presses("In 2 hours")
        await room.alice.whispers("not this week")
        assert "No one is told" in room.alice.sees.words
        await room.alice.presses("Ask me this week")


# --- who can tell


async def is_answered_anonymously(asking: Room, *rooms: Room) -> None:
    """Five people answer, and nobody reads who wrote what, nor anything before the close."""
    ada, name = asking.ada, named("Honest look", asking)
    await ada.types("checkin new", "facilitate")
    await ada.presses("Write my own")
    await ada.fills(name=name, lines="How full is your plate? (1-5: light ... too full) *\nWhat is hard right now?")
    await ada.presses("Name and readers")
    await ada.fills(level="nobody")
    assert "small group" in ada.sees.words, (ada.sees.words, ada.sees.problems)
    await ada.presses("Use it")
    cards = await asks(asking, name, rooms)
    controls = ada.sees
    everyone = [(person, card) for room, card in zip(rooms, cards, strict=True) for person in (room.alice, room.bob)]
    for n, (person, card) in enumerate([*everyone, (ada, cards[rooms.index(asking)])]):
        await person.presses("Answer", card)
        assert "Nobody can tell" in person.sees.words
        await answers(person, str(n % 5 + 1), f"Thing {n}")
        assert "nobody can tell that it’s yours" in person.sees.words
    person, card = everyone[0]
    await person.presses("Answer", card)
    assert "You’ve answered this" in person.sees.words
    await ada.presses("Who is not heard yet", controls)
    assert "anonymous" in ada.sees.words
    await ada.presses("Close it now", controls)
    for room, card in zip(rooms, cards, strict=True):
        summary = await said_under(room, card, "5 answers. Middle: 3 of 5.")
        assert all(f"Thing {n}" in summary.words for n in range(5))
        assert not any(person.name in summary.words for person in (room.ada, room.alice, room.bob))
        await room.bob.presses("Read the answers", await card_with(room, name, button="Read the answers"))
        assert "Thing 4" in room.bob.sees.words


async def is_read_by_facilitators(asking: Room, *rooms: Room) -> None:
    """Where only facilitators can tell, the summary has words without names."""
    ada, name = asking.ada, named("Energy", asking)
    await ada.types("checkin new", "facilitate")
    await ada.chooses("Choose a template", "energy")
    await ada.presses("Name and readers")
    await ada.fills(name=name)
    await ada.presses("Use it")
    cards = await asks(asking, name, rooms)
    controls = ada.sees
    for room, card in zip(rooms, cards, strict=True):
        await room.alice.presses("Answer", card)
        await answers(room.alice, "2", f"Reports on {room.platform}")
    await ada.presses("Read the answers", controls)
    assert all(f"Reports on {room.platform}" in ada.sees.words for room in rooms)
    await ada.presses("Close it now", controls)
    for room, card in zip(rooms, cards, strict=True):
        summary = await said_under(room, card, "Reports on slack")
        assert "Alice" not in summary.words


# --- schedule


async def is_scheduled(room: Room, day: str, channel: str) -> None:
    """Ada sees what comes and changes it in words, sees the month first, and members mute what they like.

    `channel` is what comes of picking the room's channel from the platform's list.
    """
    ada, name = room.ada, named("Monday", room)
    await ada.types("schedule show", "admin")
    assert "Reflection prompt" in ada.sees.words
    await ada.types("schedule set reflection halfway betwen meetings", "admin")
    await ada.types("schedule set reflection halfway between meetings", "admin")
    assert "The next month" in ada.sees.words
    await ada.presses("Change the words")
    await ada.fills(when="every blue moon")
    assert ada.sees.problems
    await ada.fills(when="10 working days after each meeting")
    await ada.presses("Save")
    await ada.types(f"schedule add {name} every {day} at 9", "admin")
    assert "The next month" in ada.sees.words
    await ada.presses("Change the words")
    await ada.fills(when=f"every {day} at 9 privately, open 2 days")
    assert "It asks 5 people" in ada.sees.words
    await ada.presses("Save")
    await ada.presses("Show the schedule")
    await ada.presses("Limits")
    await ada.fills(limit="2")
    assert "Saved." in ada.sees.words
    await ada.types("schedule pause check-in until December 12", "admin")
    await ada.presses("Resume")
    await ada.presses("Show the schedule")
    await ada.chooses("Start from a preset", "light")
    assert "Replace the schedule?" in ada.sees.words
    await ada.presses("Keep the schedule")

    # Removed and added again, and all of it replaced and set again.
    await ada.types(f"schedule set {name} every {day} at 10 in {channel}", "admin")
    assert ", in #" in ada.sees.words
    await ada.presses("Save")
    await ada.presses("Remove")
    assert "is off the schedule" in ada.sees.words
    await ada.presses("Show the schedule")
    await ada.types("schedule reset light", "admin")
    await ada.presses("Replace the schedule")
    assert "The schedule is now" in ada.sees.words
    await ada.presses("Show the schedule")
    assert "Reflection prompt:" not in ada.sees.words
    await ada.types("schedule reset usual", "admin")
    await ada.presses("Replace the schedule")
    await ada.types("schedule set reflection 10 working days after each meeting", "admin")
    await ada.presses("Save")
    await ada.types(f"schedule add {name} every {day} at 9 privately, open 2 days", "admin")
    await ada.presses("Save")

    await room.bob.types("schedule")
    assert name in room.bob.sees.words
    await room.bob.presses("Mute")
    await room.bob.fills(muted=["prompts.due"])
    assert "Muted" in room.bob.sees.words


async def is_asked_in_private(asking: Room, *rooms: Room) -> None:
    """What was asked in private at nine is answered there: by its form, or by writing back."""
    name = named("Monday", asking)
    for room in rooms:
        await room.alice.presses("Answer", await sent_to(room.alice, name))
        await answers(room.alice, "The trip", None, "no")
        assert "Have a good week." in room.alice.sees.words
        # Several questions are open.
        await room.bob.whispers(f"The long weekend, says {room.platform}")
        await room.bob.presses(name)
        await room.bob.presses("Keep it")
        assert "your answer is kept" in room.bob.sees.words


async def is_shared_at_the_close(asking: Room, *rooms: Room) -> None:
    """The summary of what was asked in private is in the channel, and the messages say that it is closed."""
    for room in rooms:
        summary = await card_with(room, "The long weekend, says slack")
        assert "The long weekend, says discord" in summary.words
        await sent_to(room.alice, "Closed")


# --- reports, and being away


async def is_reported(room: Room, fetch: Callable[[str], Awaitable[int]]) -> None:
    """Ada reads the season in chat, as a page behind her own link, and as a file, and ends the link."""
    ada = room.ada
    await ada.types("report", "facilitate")
    assert "Share of those asked who answered" in ada.sees.words
    await ada.presses("Open as a page")
    [link] = ada.sees.links.values()
    assert await fetch(link) == 200
    await ada.types("data links")
    assert "Report" in ada.sees.words
    await ada.presses("End all links")
    assert await fetch(link) == 410
    await ada.types("report", "facilitate")
    await ada.presses("Get the file")
    assert "It names no one." in ada.sees.words


async def is_away(room: Room) -> None:
    """Alice sees in one place what reaches her, is away, comes back, and is away until tomorrow."""
    alice = room.alice
    await alice.types("away")
    await alice.fills(until="yesterday")
    assert "command:" not in alice.sees.problems
    await alice.fills(until="in 2 weeks")
    assert "You’re away until" in alice.sees.words
    await alice.types("settings pace")
    await alice.presses("Rest on weekends")
    await alice.presses("I’m back")
    assert "Welcome back" in alice.sees.words
    await alice.types("away until tomorrow")
