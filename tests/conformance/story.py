"""The story that runs on every platform: a community's first week, in chapters that build on each other."""

from tests.conformance.people import Room, card_with, said_under, sent_to

NAME = "Youth workers"
QUESTION = "What did you try this week?"
HOSTILE = "@everyone <!channel> <@U1> <@&1> <b>bold</b> *x* `rm` [a](http://b.example) \u202egnp.exe"
EMOJI = "\N{PARTY POPPER}" * 10_000
CADENCE = "second Wednesday of each month, October to June, 4pm"


async def begins(room: Room) -> None:
    """Ada sets the community up in three short forms, and corrects what isn't understood."""
    ada = room.ada
    await ada.types("setup", "admin")
    await ada.fills(name=NAME, purpose="Better afternoons", zone="Atlantis")
    assert "zone" in ada.sees.problems.lower()
    await ada.fills(name=NAME, purpose="Better afternoons", zone="New York", country="US")
    await ada.presses("Next: where and who leads")
    await ada.fills(facilitators=[ada], minutes="90", place="The library")
    await ada.presses("Next: when you meet")
    await ada.fills(phrase="every blue moon")
    assert "do not understand" in ada.sees.problems
    await ada.fills(phrase=CADENCE)
    assert "second Wednesday" in ada.sees.words
    assert ada.sees.words.count("4:00") >= 5
    await ada.presses("Right: show the first month")
    assert "reminder, a week before" in ada.sees.words
    answers = [shown.words for shown in await ada.presses_twice("Start")]
    assert ["started already" in words for words in answers].count(True) == 1
    await card_with(room, NAME)


async def is_joined(room: Room) -> None:
    """Alice and Bob join, and nobody else is told."""
    for person in (room.alice, room.bob):
        await person.types("join")
        assert "who" in person.sees.words.lower()
        await person.presses("Join")
        await sent_to(person, NAME)
    assert len([c for c in await room.cards() if NAME in c.words]) == 1, "joining is nobody else's business"


async def asks_and_answers(room: Room) -> None:
    """A check-in is opened, answered, changed, withdrawn, answered again, and closed. Its summary is in the thread."""
    ada, alice, bob = room.ada, room.alice, room.bob
    await ada.types(f"checkin open {QUESTION}", "facilitate")
    controls = ada.sees
    card = await card_with(room, QUESTION)

    await alice.presses("Answer", card)
    await alice.fills(body="Silent starts")
    await alice.presses("Change it")
    assert alice.sees.fields["body"] == "Silent starts"
    await alice.fills(body="Silent starts, with a timer")

    await bob.presses("Answer", card)
    await bob.fills(body="Something I would rather not say")
    kept = bob.sees
    await bob.presses("Withdraw it")
    assert "withdrawn" in bob.sees.words
    await bob.presses("Withdraw it", kept)
    assert "no answer of yours" in bob.sees.words
    await bob.types("answer")
    await bob.fills(body="A walk after homework")

    await card_with(room, "2 heard from")
    await ada.presses("Close it now", controls)
    summary = await said_under(room, card, "A walk after homework")
    assert "Silent starts, with a timer" in summary.words
    assert "rather not say" not in summary.words
    await card_with(room, QUESTION, button="Answer late")
    await ada.presses("Close it now", controls)
    assert not ada.sees.is_form


async def keeps_what_helped(room: Room) -> None:
    """A resource is shared by command and from someone's message, and found again by words and by topic."""
    alice, bob = room.alice, room.bob
    await alice.types("share https://example.org/arrivals It calmed our first ten minutes")
    assert "example.org" in alice.sees.fields["link"]
    await alice.fills(title="Arrival jobs board", topics="a, b, c, d, e, f")
    assert "up to five" in alice.sees.problems
    await alice.fills(title="Arrival jobs board", topics="arrivals, youth voice")
    card = await card_with(room, "Arrival jobs board")

    await bob.presses("This helped me too", card)
    await bob.types("find calmed #arrivals")
    assert "Arrival jobs board" in bob.sees.words
    await bob.types("find quantum chromodynamics")
    assert "Nothing here matches" in bob.sees.words
    message = await alice.says("A timer for transitions: https://example.org/timer saved our afternoons")
    await bob.acts_on(message, "Save to resources")
    assert "https://example.org/timer" in bob.sees.fields["link"]
    await bob.fills(note="Everybody sees how long is left", topics="transitions")
    await card_with(room, "Everybody sees how long is left")
    await alice.types("recent")
    assert "Arrival jobs board" in alice.sees.words


async def meets_next(room: Room) -> None:
    """Bob reads when the next meeting is and says whether he comes, and Ada previews what will be posted."""
    bob = room.bob
    await bob.types("next")
    assert "The library" in bob.sees.words
    await bob.presses("Yes, I’ll come")
    assert "yes" in bob.sees.words.lower()
    await bob.types("rsvp maybe")
    assert "maybe" in bob.sees.words
    await room.ada.types("preview", "facilitate")
    await room.ada.types("status", "admin")
    assert NAME in room.ada.sees.words


async def is_left_in_charge(room: Room) -> None:
    """Help lists what a member may do, and the rest is refused in words."""
    alice = room.alice
    await alice.types("help")
    assert "answer" in alice.sees.words
    assert "cadence" not in alice.sees.words
    await alice.whispers("home")
    assert NAME in alice.sees.words
    await alice.whispers("checkin open Now?")
    assert "facilitator" in alice.sees.words
    await alice.whispers("answr")
    assert "answer" in alice.sees.words


async def withstands(room: Room) -> None:
    """Text that would ping, format, reverse the line, or fill the screen is shown as plain text."""
    ada, alice, bob = room.ada, room.alice, room.bob
    await ada.types("checkin open What now?", "facilitate")
    controls = ada.sees
    card = await card_with(room, "What now?")
    await alice.presses("Answer", card)
    await alice.fills(body=HOSTILE)
    await bob.presses("Answer", card)
    await bob.fills(body=EMOJI[: room.longest])
    if room.longest > 4_000:
        assert "This one is 10000" in bob.sees.problems
        await bob.fills(body=EMOJI[:2_000])
    await ada.presses("Close it now", controls)
    summary = await said_under(room, card, "@everyone")
    assert "<b>bold</b>" in summary.words.replace("\\", "")
    await alice.whispers(f"find {HOSTILE}")
    assert "everyone" in alice.sees.words
    await bob.whispers("find " + EMOJI[:1_500])
    assert bob.sees.words


async def hears_nothing_twice(room: Room) -> None:
    """An event that the platform sends again, because it saw no answer, changes nothing."""
    await room.bob.whispers("topic A quieter corner")
    await room.comes_again()
    await room.ada.types("agenda show", "facilitate")
    assert room.ada.sees.words.count("A quieter corner") == 1


async def takes_it_along_or_away(room: Room) -> None:
    """Alice sees what is stored about her, downloads it, and deletes it."""
    alice = room.alice
    await alice.types("data show")
    assert NAME in alice.sees.words
    await alice.types("data download")
    await sent_to(alice, "Everything kept about you")
    await alice.types("data delete")
    await alice.presses("Keep it")
    await alice.types("data delete")
    await alice.presses("Delete my data")
    await alice.types("data show")
    assert NAME not in alice.sees.words


CHAPTERS = (
    begins,
    is_joined,
    asks_and_answers,
    keeps_what_helped,
    meets_next,
    is_left_in_charge,
    withstands,
    hears_nothing_twice,
    takes_it_along_or_away,
)
