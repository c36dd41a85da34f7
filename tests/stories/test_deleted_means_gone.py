"""Who goes is taken out of every post of the bot: their name, their words, and them as one of a count."""

import re
from pathlib import Path

import pytest
from sqlmodel import Session, col, select

from bot.core import signals
from bot.core.events import Click, Submission
from bot.core.router import Router
from bot.features import ALL
from bot.ui import Button, Message, ToCommunity
from bot.ui.markup import mention
from storage.communities import communities
from storage.messaging.outbox import Outgoing
from storage.operations.incidents import Incident
from storage.people import account_links, people
from storage.privacy import personal_data, retention
from storage.privacy.post_subjects import PostSubject
from tests.support.chat import Actor, Chat, Post, words
from tests.support.community import actors
from tests.support.deliveries import person_id, post
from tests.support.marked_words import (
    NAME,
    TOPIC,
    WORDS,
    as_others_see_it,
    delete_everything,
    kept,
    leave,
    quill,
    tell_story,
)
from tests.support.meetings import create_meeting_community

# Kinds of post that show nobody but their reader and what the community is, so that no feature draws them anew.
SHOWS_NOBODY = {
    "checkins.file": "a file of questions for the facilitator who asked for it",
    "export": "a file for the admin who asked for it",
    "home.welcome": "to the person themselves",
    "linking.declined": "that somebody said no",
    "meetings.rhythm": "when the community meets",
    "meetings.event": "a meeting",
    "meetings.zone": "the community’s time zone",
    "members.refused": "the community",
    "members.removed": "the community, and why",
    "members.welcome": "to the person themselves",
    "notes.shared": "notes, which stay without a name",
    "mydata": "to the person themselves",
    "programs": "which communities belong together",
    "prompts.decided": "to the person themselves",
    "prompts.deleted": "to the person themselves",
    "prompts.none_left": "the community",
    "prompts.left_out": "nothing but that it was left out",
    "prompts.unqueued": "to the person themselves",
    "rounds.too_few": "a question that was not asked",
    "schedule.elsewhere": "a check-in and channels",
    "schedule.missed": "the community",
    "schedule.nobody": "a check-in",
    "setup.unposted": "a channel",
}
# Kinds of post of which nothing is left without the person.
ONLY_THEM = {
    "admin.group",
    "admin.handover",
    "admin.role",
    "cycles.remind",
    "linking.asked",
    "linking.linked",
    "linking.undone",
    "members.invitation",
    "members.organization",
    "members.organization_answer",
    "members.other_companies",
    "members.policy",
    "members.request",
}


@pytest.fixture
def story(chat: Chat) -> Chat:
    tell_story(chat)
    return chat


def card(chat: Chat, title: str) -> Post:
    return next(p for p in chat.posts if p.message.title == title)


def test_story_shows_the_person_to_others(story: Chat) -> None:
    """Otherwise the tests below would find nothing because there was nothing."""
    shown = as_others_see_it(story)
    assert NAME in shown
    there = {place for place, word in WORDS.items() if word in shown}
    assert there == {
        "answer", "reflection", "reflection for facilitators", "about", "resource title", "resource note",
        "resource topic", "organization", "several, first", "several, second", "under review",
    }  # fmt: skip
    stored = kept(story)
    assert {place for place, word in WORDS.items() if word not in stored} == set()


def test_every_post_says_whom_it_shows(story: Chat) -> None:
    """A post that shows the person's words or name has them among its subjects."""
    mei = person_id(story, NAME)
    with Session(story.engine) as session:
        subjects = set(session.exec(select(PostSubject.outgoing_id).where(PostSubject.person_id == mei)))
        rows = session.exec(select(Outgoing).where(col(Outgoing.person_id).is_distinct_from(mei))).all()
    for each in rows:
        shows = [word for word in (NAME, "account:mei", *WORDS.values()) if word in each.message]
        assert not shows or each.id in subjects, (each.key, shows)


@pytest.mark.parametrize("way", ["data delete", "leave and delete"])
def test_no_post_shows_a_deleted_person(story: Chat, way: str) -> None:
    if way == "data delete":
        delete_everything(story)
    else:
        leave(story, "delete")
    shown = as_others_see_it(story)
    assert {place for place, word in WORDS.items() if word in shown} == set()
    assert NAME not in shown
    assert "account:mei" not in shown
    # What others wrote, and what stays without a name, is still there.
    assert "Olu tried a song" in shown
    assert TOPIC in shown
    summaries = [p for p in story.in_channel() if p.message.title == "Summary"]
    assert ["One person shared this" in p.words for p in summaries] == [True, True, True, False]
    assert "1 person answered for everyone." in summaries[-1].words
    assert "1 person was heard from" in card(story, "Check-in").words
    assert "5 people answered" in card(story, "After the meeting").words
    assert "1 person had said yes" in card(story, "Meeting: Monthly circle").words
    assert "helped" not in card(story, "A song").words.lower().replace("it helped olu", "")


def test_nothing_kept_names_a_deleted_person(story: Chat) -> None:
    delete_everything(story)
    stored = kept(story)
    for word in (NAME, "'mei'", "account:mei", *WORDS.values()):
        assert word not in stored, [line for line in stored.splitlines() if word in line]


@pytest.mark.anywhere
def test_check_in_that_a_deleted_person_was_building_goes_and_a_saved_one_stays(chat: Chat) -> None:
    """What is saved is the community's, without who made it."""
    create_meeting_community(chat)
    mei = quill(chat)
    chat.person("Ada", manages=True).types("role map facilitator <@mei>", root="admin")
    for name, word in (("Saved", TOPIC), ("Unsaved", WORDS["draft"])):
        mei.types("checkin new", root="facilitator")
        mei.presses("Write my own")
        mei.fills(name=name, lines=f"How is {word}?")
        if name == "Saved":
            mei.presses("Use it")
    assert WORDS["draft"] in kept(chat)
    delete_everything(chat)
    stored = kept(chat)
    assert TOPIC in stored
    assert not [line for line in stored.splitlines() if WORDS["draft"] in line or NAME in line]


def test_posts_of_a_member_who_left_keep_the_words_without_the_name(story: Chat) -> None:
    leave(story, "keep")
    shown = as_others_see_it(story)
    assert NAME not in shown
    assert "account:mei" not in shown
    there = {place for place, word in WORDS.items() if word in shown}
    assert {"answer", "reflection", "resource title", "resource note"} <= there
    assert "Someone who has left" in card(story, "A reflection").words
    # A reply to a meeting goes with them.
    assert "1 person had said yes" in card(story, "Meeting: Monthly circle").words


def test_posts_in_a_channel_the_community_left_and_while_paused_are_redrawn(story: Chat) -> None:
    with Session(story.engine) as session, session.begin():
        community = communities.get(session, 1)
        assert community
        community.paused = True
        communities.unbind(session, 1, story.name, story.space, "general")
    mei = quill(story)
    mei.whispers("data delete")
    mei.presses("Delete my data")
    shown = as_others_see_it(story)
    assert NAME not in shown
    assert not [word for word in WORDS.values() if word in shown]


def test_posts_in_an_archived_channel_are_redrawn_when_it_is_back(story: Chat) -> None:
    story.unreachable["general"] = "channel gone"
    delete_everything(story)
    assert WORDS["resource note"] in as_others_see_it(story)
    story.wait(days=3)
    del story.unreachable["general"]
    story.wait(days=2)
    shown = as_others_see_it(story)
    assert NAME not in shown
    assert not [word for word in WORDS.values() if word in shown]


def test_reader_who_left_no_longer_has_the_words_of_a_deleted_person(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    story.app.handle(Click(ben.place(), ben.who, "members.leave", "1:keep"))
    story.deliver_all()
    assert WORDS["reflection for facilitators"] in "".join(p.words for p in ben.direct())
    delete_everything(story)
    assert WORDS["reflection for facilitators"] not in "".join(p.words for p in ben.direct())


def test_posts_are_redrawn_long_after_they_were_posted(story: Chat) -> None:
    """Where a message is that shows somebody is known for as long as they are."""
    story.wait(days=250)
    with Session(story.engine) as session, session.begin():
        while retention.forget(session, story.clock.now()):
            pass
    delete_everything(story)
    shown = as_others_see_it(story)
    assert NAME not in shown
    assert not [word for word in WORDS.values() if word in shown]


def share_without_delivery(chat: Chat, mei: Actor) -> None:
    answers = {"title": WORDS["resource title"], "note": WORDS["resource note"]}
    chat.app.handle(Submission(mei.place(), mei.who, "resources.keep", "1:", answers))


def test_post_of_a_deleted_person_that_was_not_sent_never_is(chat: Chat) -> None:
    create_meeting_community(chat)
    mei = quill(chat)
    mei.types("home")
    share_without_delivery(chat, mei)
    mei_id = person_id(chat, NAME)
    with Session(chat.engine) as session, session.begin():
        personal_data.forget(session, mei_id, "Someone")
    already = len(chat.posts)
    chat.deliver_all()
    assert chat.posts[already:] == []


def test_post_that_was_not_sent_when_its_writer_left_is_sent_without_their_name(chat: Chat) -> None:
    create_meeting_community(chat)
    mei = quill(chat)
    mei.types("home")
    share_without_delivery(chat, mei)
    mei_id = person_id(chat, NAME)
    with Session(chat.engine) as session, session.begin():
        personal_data.leave(session, mei_id, 1, "Someone who has left", delete_too=False)
    chat.deliver_all()
    assert "Shared by Someone who has left" in chat.last.words
    assert WORDS["resource note"] in chat.last.words


def test_facilitators_are_asked_to_delete_what_cannot_be_changed(story: Chat) -> None:
    [ben] = actors(story, "Ben")
    kept_as_it_is = card(story, WORDS["resource title"])
    story.unchangeable = {kept_as_it_is.id}
    delete_everything(story)
    asked = [p.words for p in ben.direct() if p.message.title == "Please delete a message"]
    assert len(asked) == 1
    assert "shows someone who isn’t here anymore" in asked[0]
    assert NAME not in asked[0]
    story.wait(days=3)
    assert len([p for p in ben.direct() if p.message.title == "Please delete a message"]) == 1


def test_old_buttons_of_what_was_deleted_answer_kindly(story: Chat) -> None:
    """Those on cards as they were, and on what others were shown privately."""
    [olu] = actors(story, "Olu")
    buttons = {(a.action, a.value) for p in story.posts for a in p.message.actions if isinstance(a, Button)}
    olu.types(f"find {WORDS['resource topic']}")
    buttons |= {(a.action, a.value) for a in olu.shown.actions if isinstance(a, Button)}
    delete_everything(story)
    for action, value in sorted(buttons):
        reply = story.app.handle(Click(olu.place(), olu.who, action, value))
        if isinstance(reply, Message):
            assert "Something broke" not in words(reply), action
    with Session(story.engine) as session:
        assert session.exec(select(Incident)).all() == []


def test_feature_that_cannot_draw_leaves_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    create_meeting_community(chat)
    mei = quill(chat)
    mei.types("share")
    mei.fills(title=WORDS["resource title"], note=WORDS["resource note"])

    def fail(ctx: object, value: str) -> None:
        raise LookupError(value)

    monkeypatch.setitem(chat.app.routes.redraws, "resources.card", fail)
    leave(chat, "keep")
    assert [p.words.strip() for p in chat.in_channel()] == ["This has been deleted."]


def test_person_who_was_merged_into_another_is_taken_out_too(story: Chat) -> None:
    mei, now = person_id(story, NAME), story.clock.now()
    with Session(story.engine) as session, session.begin():
        other = people.get_or_create(session, platform="elsewhere", space="", external="q", name=NAME, now=now)
        account_links.merge(session, merged=mei, stays=people.key(other), now=now)
    delete_everything(story)
    shown = as_others_see_it(story)
    assert not [word for word in (NAME, *WORDS.values()) if word in shown]


def test_mention_of_somebody_who_is_not_there_is_recorded_for_nobody(chat: Chat) -> None:
    create_meeting_community(chat)
    post(chat, ToCommunity(), "x.card", mention(987, "Nobody"))
    with Session(chat.engine) as session:
        assert session.exec(select(PostSubject)).all() == []


# What a key of a post begins with in the code of a feature, such as f"rounds.card.{id}" or f"{CARD}.{id}".
KEY = re.compile(r'f"([a-z_]+(?:\.[a-z_]+)?|\{(?:signals\.)?[A-Z_]+\})\.\{')
ALIAS = re.compile(r"^([A-Z_]+) = (signals\.[A-Z_]+)$", re.MULTILINE)
CONSTANT = re.compile(r'^([A-Z_]+) = "([a-z_]+\.[a-z_]+)"$', re.MULTILINE)


def kinds_in_code() -> set[str]:
    found = set()
    for path in Path("bot/features").rglob("*.py"):
        # Drafts have keys too.
        code = "\n".join(line for line in path.read_text().splitlines() if "drafts." not in line)
        named = dict(CONSTANT.findall(code)) | {f"signals.{name}": value for name, value in vars(signals).items()}
        named |= {name: named[other] for name, other in ALIAS.findall(code)}
        found |= {named.get(kind.strip("{}"), kind) for kind in KEY.findall(code)}
    # What is left in braces is the constant of another module, where it was found.
    return {kind for kind in found if not kind.startswith("{")}


def test_every_kind_of_post_is_drawn_by_its_feature_or_shows_nobody() -> None:
    """A new kind of post needs a `feature.redraw`, or a reason why not in a table above."""
    drawn = set(Router(ALL).redraws)
    assert drawn & set(SHOWS_NOBODY) == set()
    known = drawn | set(SHOWS_NOBODY) | ONLY_THEM
    found = {kind if kind in known else kind.partition(".")[0] for kind in kinds_in_code()}
    # The names of a fact that somebody was told, of reminders, and of any post of a round look alike.
    assert found - {"meeting", "remind", "role", "rounds", "topic"} - known == set()
    assert known - found == set()
