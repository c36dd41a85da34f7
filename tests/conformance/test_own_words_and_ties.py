"""On each platform: change and take back what one wrote, have an organization confirmed, and run a program."""

import pytest

from tests.conformance import story
from tests.conformance.conftest import Run, open_room
from tests.conformance.people import Room, have_no_quiet_hours, sent_to

# What differs here is the platform, not the database.
pytestmark = [pytest.mark.conformance, pytest.mark.slow, pytest.mark.anywhere]
KIND = "reflections.reflection"


@pytest.mark.parametrize("kind", ["slack over http", "discord"])
async def test_people_mend_their_words_and_confirm_their_ties(kind: str, run: Run) -> None:
    async with open_room(kind) as room:
        bot = await run(room)
        await story.begins(room)
        await story.is_joined(room)
        await have_no_quiet_hours(room.ada, room.bob, room.alice)
        await words_are_mended(room)
        await organization_is_confirmed(room)
        await program_is_run(room)
        await bot.stop()
        assert bot.trouble == []
        assert room.complaints() == []


async def words_are_mended(room: Room) -> None:
    alice = room.alice
    await alice.types("reflect")
    await alice.fills(body="My supervisor never listens")
    await alice.presses("Change or take back")
    await alice.presses("Change")
    await alice.fills(body="I will ask her")
    assert "I will ask her" in alice.sees.words
    await alice.types("data show")
    await alice.chooses("Open what you wrote", KIND)
    await alice.chooses("Open one", f"{KIND}/1")
    await alice.presses("Take back")
    assert "Taken back" in (await alice.presses("Take it back")).words


async def organization_is_confirmed(room: Room) -> None:
    await room.bob.types("settings")
    await room.bob.fills(organization="Library")
    question = await sent_to(room.ada, "Is this a colleague?")
    assert "is with" in (await room.ada.presses("Confirm", question)).words
    await sent_to(room.bob, "confirmed that you’re with")


async def program_is_run(room: Room) -> None:
    ada = room.ada
    await ada.types("program create Riverside", "admin")
    await ada.presses("Add a convener")
    await ada.fills(who=[room.alice])
    await sent_to(room.alice, "now a convener")
    await ada.types("program")
    assert f"Communities: {story.NAME}" in ada.sees.words
    await ada.presses("Leave the program")
    assert "has left" in (await ada.presses("Leave the program")).words
