"""Each thing a person wrote can be seen, changed, and taken back by itself."""

import pytest
from sqlalchemy import Column, delete
from sqlmodel import Session, SQLModel, select
from sqlmodel.sql.sqltypes import AutoString

from bot.core.events import Click, Submission
from storage import database
from storage.agenda.topics import Topic
from storage.database import foreign_keys, metadata  # noqa: F401  (the tables make themselves known)
from storage.database.personal import ErasureAction, policy
from storage.learning.commitments import Commitment
from storage.learning.reflections import Reflection
from storage.learning.rounds import Response
from storage.library.endorsements import Endorsement
from storage.library.resources import Resource
from storage.meetings.feedback import Feedback
from storage.operations import drafts
from storage.people import people
from tests.support.chat import Actor, Chat, words
from tests.support.community import actors, create_community, person_key
from tests.support.meetings import create_meeting_community, end_first_meeting, join_members, local

# Tables with a person and text columns, which hold no words of that person.
NOT_WRITTEN = {
    "absence": "from when to when somebody was away, and no words",
    "acceptedevent": "what is being handled at this moment; gone within a second",
    "account": "what the platform says",
    "accountlink": "what came from which account",
    "answermessage": "which message of the platform an answer’s words are from",
    "appointment": "where a role of the platform is",
    "audit": "bookkeeping, in our own words",
    "checkin": "a facilitator’s words for the community, whose facilitators change them with the check-in",
    "checkinversion": "as for check-ins",
    "feed": "hashes",
    "linkcode": "a hash",
    "meetingtask": "a facilitator’s words; the person only took the task",
    "outgoing": "our own messages",
    "pagelink": "a hash, and the name of a page",
    "postsubject": "whom a message shows",
    "replacedrow": "copies of rows that linking replaced, for a week; the download has them",
    "sentreminder": "which reminder was sent",
    "toldfact": "fingerprints of what somebody was told, and keys of our own messages",
    "touchpointmute": "the name of a part of a schedule",
}


def opens(who: Actor, kind: str, thing: str) -> str:
    who.types("data show")
    [menu] = [a for a in who.shown.actions if a.kind == "select"]
    who.chooses("Open what you wrote", next(label for _value, label in menu.choices if label.startswith(kind)))
    [menu] = [a for a in who.shown.actions if a.kind == "select"]
    return who.chooses("Open one", next(label for _value, label in menu.choices if thing in label))


def changes(who: Actor, kind: str, thing: str, **new: str) -> str:
    opens(who, kind, thing)
    who.presses("Change")
    return who.fills(**new)


def takes_back(who: Actor, kind: str, thing: str) -> str:
    opens(who, kind, thing)
    assert "can’t undo" in who.presses("Take back")
    return who.presses("Take it back")


def rows(chat: Chat, model: type[SQLModel]) -> list[SQLModel]:
    with Session(chat.engine) as session:
        return list(session.exec(select(model)).all())


def is_text(column: Column[object]) -> bool:
    return isinstance(column.type, AutoString) and not column.foreign_keys


def test_every_table_with_a_persons_words_is_declared(chat: Chat) -> None:
    """Else `data show` would not show what people write there. To mend it, see `feature.writing`."""
    declared = {str(w.table.__tablename__) for w in chat.app.routes.writings.values()}
    tables = {table.name for table, _column in foreign_keys.to_people() if any(map(is_text, table.columns))}
    assert tables - declared - NOT_WRITTEN.keys() == set()
    assert declared & NOT_WRITTEN.keys() == set()


def test_declared_columns_exist(chat: Chat) -> None:
    for kind, writing in chat.app.routes.writings.items():
        columns = SQLModel.metadata.tables[str(writing.table.__tablename__)].columns
        named = {*writing.words, writing.person, *writing.required, *([writing.written] if writing.written else [])}
        assert named <= set(columns.keys()), kind


def test_words_of_rows_that_are_deleted_are_declared_with_the_table(chat: Chat) -> None:
    """Else drafts of others that quote them would stay when the person has their data deleted."""
    for kind, writing in chat.app.routes.writings.items():
        declared = policy(SQLModel.metadata.tables[str(writing.table.__tablename__)].c[writing.person])
        if declared.forget is ErasureAction.DELETE:
            assert set(declared.words) == set(writing.words), kind


def test_kept_reflection_is_changed_and_taken_back(chat: Chat) -> None:
    """The card says what is true, and its button does it."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    assert "To change it or take it back" in mei.fills(body="My supervisor never listens")
    said = mei.presses("Change or take back")
    assert "My supervisor never listens" in said
    assert "Who can see it: only you" in said
    mei.presses("Change")
    assert "I will ask her" in mei.fills(body="I will ask her")
    [row] = rows(chat, Reflection)
    assert isinstance(row, Reflection)
    assert row.body == "I will ask her"
    assert "Taken back" in takes_back(mei, "Reflections", "I will ask her")
    assert rows(chat, Reflection) == []
    assert "Reflections" not in str(mei.types("data show"))


def test_shared_reflection_is_drawn_anew_where_it_was_posted(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    mei.fills(body="Door songs work", audience="group")
    post = chat.last
    assert "Door songs work" in post.words
    changes(mei, "Reflections", "Door songs", body="Door songs work on Mondays")
    chat.deliver_all()
    assert "on Mondays" in post.words
    takes_back(mei, "Reflections", "on Mondays")
    chat.deliver_all()
    assert "Door songs" not in post.words
    assert "Mei" not in post.words


def test_answer_is_changed_and_taken_back_and_the_posts_follow(chat: Chat) -> None:
    create_community(chat, nudges=False)
    mei, ben = actors(chat, "Mei", "Ben")
    ben.types("checkin open What did you try?", root="facilitator")
    card = next(p for p in chat.in_channel() if "What did you try" in p.words)
    mei.presses("Answer", on=card)
    mei.fills(body="Snack first")
    ben.presses("Close it now")
    summary = chat.last
    assert "Snack first" in summary.words
    assert "What did you try?" in opens(mei, "Answers", "Snack first")
    changes(mei, "Answers", "Snack first", body="Silent starts")
    chat.deliver_all()
    assert "Silent starts" in summary.words
    takes_back(mei, "Answers", "Silent starts")
    chat.deliver_all()
    assert "Silent starts" not in summary.words
    assert "1 heard from" not in card.words
    assert rows(chat, Response) == []


def test_resource_and_endorsement_are_taken_back(chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("share")
    mei.fills(title="Arrival jobs", note="It calmed us")
    card = chat.last
    olu.presses("This helped me too", card)
    takes_back(olu, "Resources that helped you", "Arrival jobs")
    assert rows(chat, Endorsement) == []
    opens(mei, "Resources (", "Arrival jobs")
    mei.presses("Change")
    mei.fills(title="Jobs at arrival")
    chat.deliver_all()
    assert "Jobs at arrival" in card.words
    takes_back(mei, "Resources (", "Jobs at arrival")
    chat.deliver_all()
    assert "Jobs at arrival" not in card.words
    assert rows(chat, Resource) == []
    assert "Nothing here matches" in olu.types("find jobs")


def test_what_was_said_after_a_meeting_is_taken_back_one_by_one(chat: Chat) -> None:
    community = create_meeting_community(chat)
    [mei] = join_members(chat, community, "Mei", organization="House")
    mei.presses("Answer", on=end_first_meeting(chat))
    mei.fills(worked="The songs", commitment="When Mondays begin, I will sing by Friday", home="A quiet corner")
    assert "only you" in opens(mei, "Commitments", "When Mondays")
    assert "close this form and take it back" in changes(mei, "Commitments", "When Mondays", words="")
    takes_back(mei, "Commitments", "When Mondays")
    takes_back(mei, "Takeaways", "A quiet corner")
    changes(mei, "Feedback", "The songs", worked="The songs at the door")
    [row] = rows(chat, Feedback)
    assert isinstance(row, Feedback)
    assert row.worked == "The songs at the door"
    takes_back(mei, "Feedback", "The songs")
    assert [*rows(chat, Commitment), *rows(chat, Feedback)] == []


def test_feedback_that_is_taken_back_posts_no_card(chat: Chat) -> None:
    """Two meetings of a week have one after-meeting card, and the second one's own card asks, too."""
    id = create_meeting_community(chat)
    [ben] = actors(chat, "Ben")
    [mei] = join_members(chat, id, "Mei")
    ben.types("meeting schedule 10 Oct 4pm")
    chat.until(local(2025, 10, 10, 18))
    second = [p for p in chat.in_channel() if p.message.title.startswith("Meeting: ")][-1]
    mei.presses("Say how it was", on=second)
    mei.fills(worked="The songs")
    before = len(chat.in_channel())
    takes_back(mei, "Feedback", "The songs")
    chat.deliver_all()
    assert rows(chat, Feedback) == []
    assert len(chat.in_channel()) == before


def test_topic_is_changed_and_taken_back(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("topic Quiet arrivals")
    changes(mei, "Topics", "Quiet arrivals", title="Calm arrivals")
    takes_back(mei, "Topics", "Calm arrivals")
    assert rows(chat, Topic) == []


def test_catch_up_and_reason_are_changed_at_the_length_that_they_may_have(chat: Chat) -> None:
    """Each has a limit of its own where it's written first."""
    create_meeting_community(chat)
    ben, olu = actors(chat, "Ben", "Olu")
    end_first_meeting(chat)
    answer, reason = "I would bring our song. " * 30, "It is about all of us. " * 8
    olu.types("notes missed")
    olu.presses("Answer the question")
    olu.fills(answer=answer.strip())
    assert "Changed." in changes(olu, "What you caught up on", "our song", answer=f"{answer}Again.")
    ben.types("agenda add")
    ben.fills(title="Spring visit", reason=reason.strip())
    assert "Changed." in changes(ben, "Topics", "Spring visit", title="Summer visit")
    opens(ben, "Topics", "Summer visit")
    ben.presses("Change")
    assert "Up to 150 characters" in ben.fills(title="x" * 151)


def test_rsvp_is_taken_back(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    takes_back(mei, "RSVPs", "yes")
    assert "Yes: Mei" not in chat.person("Ben").types("meeting show", root="facilitator")


def test_reminder_says_nothing_of_an_rsvp_that_was_taken_back(chat: Chat) -> None:
    create_meeting_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("rsvp yes")
    chat.until(local(2025, 10, 7, 18))
    [reminder] = [p for p in mei.direct() if "You said yes" in p.words]
    takes_back(mei, "RSVPs", "yes")
    assert "You said yes" not in reminder.words


def test_words_changed_for_facilitators_are_for_those_who_facilitate_now(chat: Chat) -> None:
    create_meeting_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("rsvp yes")
    mei.presses("Add a note")
    mei.fills(note="I come late")
    chat.wait(days=1)
    chat.person("Ada", manages=True).types("role map facilitator <@olu>", root="admin")
    assert "I come late" not in olu.types("meeting show", root="facilitator")
    changes(mei, "RSVPs", "I come late", note="I leave early")
    assert "I leave early" in olu.types("meeting show", root="facilitator")


def test_draft_is_seen_and_taken_back(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("share")
    mei.fills(title="", note="It calmed us")
    assert "It calmed us" in opens(mei, "Half-finished forms", "")
    mei.presses("Take back")
    mei.presses("Take it back")
    with Session(chat.engine) as session:
        me = person_key(session, chat, "Mei", chat.clock.now())
        assert drafts.find(session, me, "form") is None


def test_form_that_was_saved_is_no_half_finished_form(chat: Chat) -> None:
    """Its answer is kept for a while, so that it can be given again if the form is sent twice."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    mei.fills(body="It rained", audience="me")
    mei.types("data show")
    [menu] = [a for a in mei.shown.actions if a.kind == "select"]
    assert [label for _value, label in menu.choices] == ["Reflections (1)"]


def test_role_and_organization_are_taken_back(chat: Chat) -> None:
    create_community(chat)
    [mei] = join_members(chat, 1, "Mei", organization="House")
    takes_back(mei, "What you do", "House")
    with Session(chat.engine) as session:
        row = people.membership(session, 1, person_key(session, chat, "Mei", chat.clock.now()))
        assert row
        assert (row.organization, row.organization_confirmed, row.left_at) == ("", False, None)


@pytest.mark.parametrize("action", ["thing", "change", "take_back", "take_back_now"])
def test_nobody_reaches_what_someone_else_wrote(action: str, chat: Chat) -> None:
    create_community(chat)
    mei, olu = actors(chat, "Mei", "Olu")
    mei.types("reflect")
    mei.fills(body="My supervisor never listens")
    for stamp in ("1:", ":", "9:", ""):
        said = words(
            chat.app.handle(Click(olu.place(), olu.who, f"mydata.{action}", f"{stamp}reflections.reflection/1"))
        )
        assert "supervisor" not in said
    forged = Submission(olu.place(), olu.who, "mydata.change", "1:reflections.reflection/1", {"body": "x", "about": ""})
    chat.app.handle(forged)
    [row] = rows(chat, Reflection)
    assert isinstance(row, Reflection)
    assert row.body == "My supervisor never listens"


@pytest.mark.parametrize("action", ["change", "take_back_now"])
def test_thing_that_was_deleted_while_it_waited_is_said_to_be_gone(
    action: str, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    mei.fills(body="My supervisor never listens")

    def wait(session: Session, community: int) -> None:
        session.connection().execute(delete(Reflection))

    monkeypatch.setattr(database, "serialise", wait)
    named = "1:reflections.reflection/1"
    event = (
        Submission(mei.place(), mei.who, "mydata.change", named, {"body": "x", "about": ""})
        if action == "change"
        else Click(mei.place(), mei.who, f"mydata.{action}", named)
    )
    assert "no longer there" in words(chat.app.handle(event))


def test_question_that_was_opened_says_why_it_stays(chat: Chat) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.types("checkin open What did you try?", root="facilitator")
    assert "so it stays" in opens(ben, "Questions you opened", "What did you try?")
    assert not any(a.kind == "button" and a.label == "Take back" for a in ben.shown.actions)


def test_long_lists_have_pages(chat: Chat) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    for n in range(12):
        mei.types("reflect")
        mei.fills(body=f"Thought {n}.")
    mei.types("data show")
    assert "Thought 11." in mei.chooses("Open what you wrote", "Reflections (12)")
    assert "Thought 0." in mei.presses("Next")
    assert "Thought 11." in mei.presses("Back")
    assert "Only you" in mei.presses("All my data")


def test_what_was_written_in_a_community_that_was_left_stays_reachable(chat: Chat) -> None:
    """What only the writer reads stays theirs."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    mei.types("reflect")
    mei.fills(body="My supervisor never listens")
    mei.types("leave")
    mei.presses("Leave")
    takes_back(mei, "Reflections", "supervisor")
    assert rows(chat, Reflection) == []
