"""Several events at the same moment, from real threads: each is handled once, and nothing breaks."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from datetime import timedelta
from threading import Barrier

import pytest
from pytest_mock import MockerFixture
from sqlalchemy import Engine
from sqlmodel import Session, select

from bot.core.context import Context
from bot.core.events import Click, Command, Event, PlatformUser, Submission, TimerFired
from bot.core.router import RouteMatch
from bot.delivery import attempts
from bot.operations.maintenance import housekeeping
from bot.ui import Button, Form, Message, Reply
from scheduler.due_timers import fire_due
from storage.communities import communities
from storage.learning import rounds
from storage.meetings import feedback
from storage.messaging import outbox, timers
from storage.operations import incidents
from storage.people import people
from tests.support.chat import Chat, words
from tests.support.community import actors, create_community


def all_together(*work: Callable[[], Reply]) -> list[Reply]:
    """Start all calls at the same instant, each in its own thread."""
    gate = Barrier(len(work))

    def go(one: Callable[[], Reply]) -> Reply:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as threads:
        return [each.result() for each in [threads.submit(go, one) for one in work]]


def handling(chat: Chat, *events: Event) -> list[Reply]:
    def handle(event: Event) -> Callable[[], Reply]:
        return lambda: chat.app.handle(event)

    return all_together(*map(handle, events))


def check_whole(engine: Engine) -> None:
    with Session(engine) as session:
        assert [f"{t.event_name}: {t.error}" for t in session.exec(select(incidents.Incident))] == []


def reply_words(replies: Sequence[Reply]) -> list[str]:
    return [words(reply) if reply else "" for reply in replies]


def test_one_delivery_is_handled_once_when_it_arrives_many_times(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    [mei] = actors(chat, "Mei")
    replies = handling(chat, *[Command(mei.place(), mei.who, "topic Quiet arrivals", idempotency_key="Ev1")] * 6)
    assert len([reply for reply in replies if reply]) == 1
    check_whole(engine)


def test_one_event_at_a_time_is_handled_on_sqlite_only(chat: Chat, engine: Engine, mocker: MockerFixture) -> None:
    """Writers that wait for a lock take turns, while SQLite lets each try again by chance until it gives up."""
    create_community(chat)
    [mei] = actors(chat, "Mei")
    locked = list[bool]()
    run = chat.app.run_handler

    def look(ctx: Context, found: RouteMatch) -> Reply:
        lock = chat.app.write_lock
        locked.append(not isinstance(lock, nullcontext) and lock.locked())  # type: ignore[attr-defined]
        return run(ctx, found)

    mocker.patch.object(chat.app, "run_handler", look)
    mei.types("topic Quiet arrivals")
    assert locked == [engine.dialect.name == "sqlite"]


def test_new_person_is_created_once_when_they_do_several_things(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    zed = PlatformUser("zed", "Zed")
    [mei] = actors(chat, "Mei")
    handling(chat, *[Command(mei.place(), zed, line) for line in ("home", "help", "data show", "join")])
    with Session(engine) as session:
        assert len([p for p in session.exec(select(people.Person)) if p.name == "Zed"]) == 1
    check_whole(engine)


def test_every_stranger_of_a_new_space_is_answered(chat: Chat, engine: Engine) -> None:
    chat.space = "S9"
    events = [Command(chat.person(f"P{n}").place(), chat.person(f"P{n}").who, "home") for n in range(6)]
    assert all(handling(chat, *events))
    check_whole(engine)


def test_one_check_in_is_opened_when_two_facilitators_open_one(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    found_roles(chat, "Olu")
    ben, olu = actors(chat, "Ben", "Olu")
    events = [Command(who.place(), who.who, "checkin open What did you try?") for who in (ben, olu)] * 3
    told = reply_words(handling(chat, *events))
    assert sum("on its way to the channel" in each for each in told) == 1
    with Session(engine) as session:
        assert len(session.exec(select(rounds.Round)).all()) == 1
    check_whole(engine)


def found_roles(chat: Chat, *names: str) -> None:
    with Session(chat.engine) as session, session.begin():
        for row, person in people.members(session, 1):
            if person.name in names:
                row.role = 2


def test_check_in_is_closed_once_by_clicks_and_timer(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    ben.chat.deliver_all()
    mei.presses("Answer")
    mei.fills(body="Silent starts")
    with Session(engine) as session:
        row = next(t for t in session.exec(select(timers.Timer)) if t.kind == "rounds.close")
        due = TimerFired(row.id or 0, row.kind, row.value, row.at, row.community_id)
    click = Click(ben.place(), ben.who, "rounds.close", "1:1")
    handling(chat, click, due, click, due)
    chat.deliver_all()
    assert len([p for p in chat.posts if "One person shared this" in p.words]) == 1
    check_whole(engine)


@pytest.mark.parametrize("tries", range(3))
def test_click_and_the_timer_it_moves_do_not_deadlock(chat: Chat, engine: Engine, tries: int) -> None:
    """A click that moves a timer, and that timer firing, don't wait for each other."""
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    with Session(engine) as session, session.begin():
        row = timers.put(session, 1, "meetings.plan", "", chat.clock.now())
        due = TimerFired(row.id or 0, row.kind, row.value, row.at, 1)
        communities.close(session, 1, [chat.clock.now().date() + timedelta(days=9)])
        people.enrol(session, 1, 4).role = 3
    closing = [Command(ben.place(), ben.who, f"closure add Dec {n}") for n in range(1, 5)]
    handling(chat, *closing, due, due, Command(mei.place(), mei.who, "next"))
    check_whole(engine)


def test_answer_sent_many_times_is_saved_once(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open What did you try?")
    events = [
        Submission(who.place(), who.who, "rounds.answer", "1:1", {"body": f"Try {n}", "audience": "group"})
        for n in range(4)
        for who in (mei, olu)
    ]
    handling(chat, *events)
    with Session(engine) as session:
        assert len(session.exec(select(rounds.Response)).all()) == 2
    check_whole(engine)


def test_start_pressed_many_times_creates_one_community(chat: Chat, engine: Engine) -> None:
    ada = chat.person("Ada", manages=True, zone="America/New_York")
    ada.types("setup", root="admin")
    ada.fills(name="Youth workers", country="US")
    ada.presses(button(ada.sees, "setup.people"))
    ada.fills(channel="general", facilitators="ben")
    ada.presses(button(ada.sees, "setup.rhythm"))
    ada.fills(how="rule", phrase="second Wednesday at 4pm")
    ada.presses(button(ada.sees, "setup.preview"))
    start = Click(ada.place(), ada.who, "setup.start", ":")
    told = reply_words(handling(chat, *[start] * 5))
    assert len(set(told)) == 2
    with Session(engine) as session:
        assert [c.name for c in communities.every(session)] == ["Youth workers"]
    check_whole(engine)


def button(reply: Reply, action: str) -> str:
    assert isinstance(reply, Message | Form)
    assert isinstance(reply, Message)
    return next(a.label for a in reply.actions if isinstance(a, Button) and a.action == action)


def test_personal_data_is_deleted_twice_while_others_go_on(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    ben, mei, olu = actors(chat, "Ben", "Mei", "Olu")
    ben.types("checkin open What did you try?")
    for who in (mei, olu):
        who.presses("Answer")
        who.fills(body="Silent starts")
    delete = Click(mei.place(), mei.who, "mydata.delete", ":")
    others: list[Event] = [
        Click(ben.place(), ben.who, "rounds.close", "1:1"),
        Submission(olu.place(), olu.who, "rounds.answer", "1:1", {"body": "More", "audience": "group"}),
    ]
    handling(chat, delete, *others, delete)
    with Session(engine) as session:
        assert [a.body for a in session.exec(select(rounds.Response))] == ["More"]
    check_whole(engine)


def test_housekeeping_runs_beside_people_at_work(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    ben, mei = actors(chat, "Ben", "Mei")
    ben.types("checkin open What did you try?")
    chat.clock.move(chat.clock.now() + timedelta(days=15))

    def tidy() -> Reply:
        housekeeping(chat.app)
        return None

    answer = Submission(mei.place(), mei.who, "rounds.answer", "1:1", {"body": "x", "audience": "group"})
    all_together(
        tidy,
        lambda: chat.app.handle(answer),
        tidy,
        lambda: chat.app.handle(Command(mei.place(), mei.who, "data download")),
        lambda: chat.app.handle(Command(ben.place(), ben.who, "checkin summary")),
        tidy,
    )
    check_whole(engine)


def test_message_is_sent_again_when_rewritten_while_it_arrives(chat: Chat, engine: Engine) -> None:
    """One transaction rewrites it while another records that it was delivered."""
    if engine.dialect.name == "sqlite":
        pytest.skip("SQLite lets in one writer at a time")
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.chat.app.handle(Command(ben.place(), ben.who, "checkin open What did you try?"))
    fire_due(chat.app)
    with Session(engine) as session:
        [row] = [r for r in session.exec(select(outbox.Outgoing)) if r.key.startswith("rounds.card")]
    with Session(engine) as sender, sender.begin():
        ready = attempts.begin_attempt(sender, row.id or 0, chat.clock.now())
        assert ready
    with Session(engine) as rewriting, rewriting.begin():
        # As a handler does that asks whether it is posted.
        assert outbox.copies(rewriting, "rounds.card.1")
        with Session(engine) as sender, sender.begin():
            attempts.mark_delivered(sender, ready, "m1", chat.clock.now())
        outbox.put(
            rewriting,
            key=row.key,
            platform=row.platform,
            space=row.space,
            address=row.address,
            message="{}",
            now=chat.clock.now(),
        )
    with Session(engine) as session:
        assert session.get_one(outbox.Outgoing, row.id).state == outbox.WAITING


def test_message_is_begun_by_one_of_several_processes(chat: Chat, engine: Engine) -> None:
    create_community(chat)
    [ben] = actors(chat, "Ben")
    ben.chat.app.handle(Command(ben.place(), ben.who, "checkin open What did you try?"))
    fire_due(chat.app)
    with Session(engine) as session:
        ids = [r.id or 0 for r in session.exec(select(outbox.Outgoing)) if r.key.startswith("rounds.card")]

    def begin() -> Reply:
        with Session(engine) as session, session.begin():
            ready = attempts.begin_attempt(session, ids[0], chat.clock.now())
        return ready.delivery.message if ready else None

    assert len([one for one in all_together(*[begin] * 6) if one]) == 1


def test_every_feedback_given_at_the_same_time_is_counted(chat: Chat, engine: Engine) -> None:
    from storage.meetings import meetings

    create_community(chat)
    people_here = actors(chat, "Mei", "Olu", "Ana", "Ben")
    with Session(engine) as session, session.begin():
        held = meetings.add(session, 1, title="Autumn", starts_at=chat.clock.now() - timedelta(hours=2), minutes=60)
        id = held.id or 0
        timers.put(session, 1, "feedback.ask", str(id), chat.clock.now())
    fire_due(chat.app)
    handling(chat, *[
        Submission(p.place(), p.who, "feedback.answer", f"1:{id}", {"worked": p.who.name, "useful": "4"})
        for p in people_here
        for _twice in range(2)
    ])  # fmt: skip
    with Session(engine) as session:
        assert len(feedback.about(session, id)) == 4
        assert [r.message.count("4 answered so far") for r in outbox.copies(session, f"feedback.card.{id}")] == [1]
    check_whole(engine)
