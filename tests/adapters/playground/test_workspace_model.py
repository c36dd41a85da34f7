"""What the pretend workspace saves, and finds again after a restart."""

import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from adapters.playground.persistence import UnusableWorkspace
from adapters.playground.workspace_model import World, direct
from bot.ui import card
from tests.adapters.playground.pretend import START, create_world, next_meeting, reflection, summary


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "playground.db"


def reopen(world: World, file: Path) -> World:
    world.close()
    return World(file, "Another name")


def test_people_channels_and_messages_survive_a_restart(file: Path) -> None:
    world = create_world(file)
    said = world.add_post("everybody", START, author="ben", words="Hello <all>")
    for message in (summary(START), reflection(START), next_meeting(START)):
        world.add_post(direct("maya"), START, message=message)
    before = world.people(), world.channels(), world.posts("everybody"), world.posts(direct("maya"))

    world = reopen(world, file)
    assert (world.people(), world.channels(), world.posts("everybody"), world.posts(direct("maya"))) == before
    assert world.name == "Harbor Out-of-School Time"
    assert said in world.posts("everybody")
    assert [p.message for p in world.posts(direct("maya"))] == [
        summary(START),
        reflection(START),
        next_meeting(START),
    ]


def test_repeated_delivery_is_one_post(file: Path) -> None:
    world = create_world(file)
    first = world.add_post("everybody", START, message=card("One"), ref="r1")
    second = world.add_post("everybody", START, message=card("One"), ref="r1")
    assert second == first
    assert len(world.posts("everybody")) == 1
    world.add_post("everybody", START, message=card("Two"))
    world.add_post("everybody", START, message=card("Two"))
    assert len(world.posts("everybody")) == 3


def test_only_changed_posts_are_marked_as_edited(file: Path) -> None:
    world = create_world(file)
    post = world.add_post("everybody", START, message=card("One"))
    later = START + timedelta(hours=1)
    assert world.edit_post(post.id, later, card("One")).edited is None
    assert world.edit_post(post.id, later, card("Two")).edited == later
    with pytest.raises(KeyError):
        world.edit_post(99, later, card("Three"))


def test_unread_messages_are_what_others_said_since(file: Path) -> None:
    world = create_world(file)
    asked = world.add_post("everybody", START, author="ben", words="Anyone?")
    world.add_post("everybody", START, author="maya", words="Me", under=asked.id)
    assert world.unread("maya", ["everybody", "staff-leaders"]) == {"everybody": 1, "staff-leaders": 0}
    world.mark_seen("maya", "everybody")
    world = reopen(world, file)
    assert world.unread("maya", ["everybody"]) == {"everybody": 0}
    assert world.unread("ben", ["everybody"]) == {"everybody": 1}


def test_resident_can_be_renamed(file: Path) -> None:
    world = create_world(file)
    world.add_person("ben", "Benedita", "Co-lead", zone="Europe/Lisbon")
    world.add_channel("everybody", "all-of-us")
    assert [p.name for p in world.people()][1] == "Benedita"
    assert [c.name for c in world.channels()][2] == "all-of-us"


@pytest.mark.parametrize("id", ["", "two words", "@ben", "direct"])
def test_ambiguous_id_is_refused(file: Path, id: str) -> None:
    with pytest.raises(ValueError, match="cannot be an id"):
        create_world(file).add_channel(id, "room")


def test_unknown_zone_is_refused(file: Path) -> None:
    with pytest.raises(KeyError, match="Mars"):
        create_world(file).add_person("eve", "Eve", zone="Mars/Olympus")


def test_file_of_a_newer_version_is_left_alone(file: Path) -> None:
    world = create_world(file)
    world.close()
    db = sqlite3.connect(file)
    db.execute("pragma user_version = 7")
    db.close()
    with pytest.raises(UnusableWorkspace, match="newer version"):
        World(file)


def test_unusable_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be")
    with pytest.raises(UnusableWorkspace, match=r"cannot keep its workspace in .*playground\.db"):
        World(tmp_path / "data" / "playground.db")


def test_foreign_file_is_left_alone(file: Path) -> None:
    file.parent.mkdir()
    file.write_text("not a database " * 100)
    with pytest.raises(UnusableWorkspace, match="not a database"):
        World(file)
    assert file.read_text().startswith("not a database")


def test_moments_are_kept_to_the_second_in_any_zone(file: Path) -> None:
    at = datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
    world = create_world(file)
    world.add_post("everybody", at, author="ben", words="Hm")
    assert world.posts("everybody")[0].at == at
