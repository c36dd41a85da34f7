"""The story that every platform is told: a community begins, asks, answers, keeps, and leaves people in charge."""

from tests.conformance.people import Room, card_with, said_under, sent_to

NAME = "Youth workers"
QUESTION = "What did you try this week?"
CADENCE = "second Wednesday of each month, October to June, 4pm"


async def begins(room: Room) -> None:
    """Ada sets the community up, in plain words and three short forms."""
    ada = room.ada
    await ada.types("setup", "admin")
    await ada.fills(name=NAME, purpose="Better afternoons", zone="Atlantis")
    assert "zone" in ada.sees.problems.lower()
    await ada.fills(name=NAME, purpose="Better afternoons", zone="New York", country="US")
    await ada.presses("Next: where and who leads")
    await ada.fills(facilitators=[ada], minutes="90", place="The library")
    await ada.presses("Next: when you meet")
    await ada.fills(phrase="every blue moon")
    assert "Like this" in ada.sees.problems
    await ada.fills(phrase=CADENCE)
    assert "second Wednesday" in ada.sees.words
    assert ada.sees.words.count("4:00") >= 5
    await ada.presses("Right: show the first month")
    assert "reminder, a week before" in ada.sees.words
    later = await ada.presses_twice("Start")
    assert "started already" in later.words
    await card_with(room, NAME)


async def is_joined(room: Room) -> None:
    for person in (room.alice, room.bob):
        await person.types("join")
        assert "who" in person.sees.words.lower()
        await person.presses("Join")
        await sent_to(person, NAME)
    assert len([c for c in await room.cards() if NAME in c.words]) == 1, "joining is nobody else's business"


async def asks_and_answers(room: Room) -> None:
    """A check-in is opened, answered, changed, withdrawn, answered again and closed; its summary is in the thread."""
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
    closed = await card_with(room, QUESTION)
    assert "Answer late" in closed.buttons
    await ada.presses("Close it now", controls)
    assert not ada.sees.is_form


async def is_left_in_charge(room: Room) -> None:
    """Help says what one may do; what one may not do is refused in words."""
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
