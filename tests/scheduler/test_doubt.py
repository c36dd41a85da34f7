"""A message whose fate is not known is asked about before it is sent again; where nobody can tell, it is sent."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from time import monotonic

import pytest
from sqlalchemy import Engine
from sqlmodel import Session

from bot import sending
from bot.platform import CannotTell, Doubt, InChannel, Parcel, TryLater
from bot.ui import ToCommunity, ToPerson
from scheduler import engine as engine_module
from scheduler import sender as sender_module
from scheduler.engine import LaneName
from scheduler.sender import Sender
from storage import communities, outbox
from tests.chat import Chat
from tests.scheduler.test_delivery import person_id, post, row
from tests.village import cast, found


@dataclass
class Remembering(Chat):
    """A platform that knows every ref it has taken."""

    taken: dict[str, str] = field(default_factory=dict)
    asked: list[Doubt] = field(default_factory=list)
    mute: bool = False  # it takes messages and is not heard
    secretive: bool = False

    async def deliver(self, parcel: Parcel) -> str:
        receipt = self.taken[parcel.ref] = await super().deliver(parcel)
        if self.mute:
            raise TryLater(0.0, fault=True)
        return receipt

    async def find(self, doubt: Doubt) -> str | None:
        self.asked.append(doubt)
        if self.secretive:
            raise CannotTell
        return self.taken.get(doubt.parcel.ref)


@pytest.fixture
def chat(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Remembering:
    monkeypatch.setattr(engine_module, "SETTLING", 0.0)
    return Remembering(engine)


async def killed_while_sending(chat: Chat, key: str, *, arrived: bool) -> None:
    """As a power cut leaves it: marked as being sent, and taken by the platform or not."""
    with Session(chat.engine) as session, session.begin():
        ready = sending.prepare(session, row(chat, key).id or 0, chat.clock.now())
        assert ready
    if arrived:
        await chat.deliver(ready.parcel)


async def restarted(chat: Chat) -> None:
    sender = Sender(chat.app, {chat.name: chat})
    await sender.start()
    await sender.settle()
    await sender.stop()


@pytest.mark.parametrize("arrived", [True, False])
async def test_after_a_power_cut_it_is_there_once(chat: Remembering, arrived: bool) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=arrived)
    await restarted(chat)
    assert [p.words.strip() for p in chat.posts] == ["Hello"]
    assert len(chat.asked) == 1
    assert (row(chat, "x.card").state, row(chat, "x.card").receipt) == (outbox.SENT, "m1")


async def test_a_platform_that_is_not_heard_is_asked_too(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.mute = True
    sender = Sender(chat.app, {chat.name: chat})
    await sender.pump()
    while row(chat, "x.card").state != outbox.DOUBTFUL:  # only then is it written when to try again
        await asyncio.sleep(0.005)
    chat.mute = False
    chat.clock.move(chat.clock.now() + timedelta(seconds=10))
    await sender.settle()
    await sender.stop()
    assert len(chat.posts) == 1
    assert row(chat, "x.card").state == outbox.SENT


async def test_where_nobody_can_tell_it_is_sent_again_under_the_same_ref(chat: Remembering) -> None:
    found(chat)
    chat.secretive = True
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert len(chat.posts) == 2
    assert len(chat.taken) == 1


async def test_rewritten_before_it_was_known_to_have_arrived_it_ends_with_the_new_words(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await killed_while_sending(chat, "x.card", arrived=True)
    post(chat, ToCommunity(), "x.card", "Second")
    await restarted(chat)
    assert [(p.words.strip(), p.edits) for p in chat.posts] == [("Second", 1)]
    assert len(chat.taken) == 2, "the post, and its rewriting"


async def test_to_rewrite_a_message_once_more_nobody_is_asked(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "First")
    await restarted(chat)
    post(chat, ToCommunity(), "x.card", "Second")
    await killed_while_sending(chat, "x.card", arrived=True)
    await restarted(chat)
    assert [p.words.strip() for p in chat.posts] == ["Second"]
    assert chat.asked == []


async def test_of_a_private_message_the_platform_is_told_where_that_talk_is(chat: Remembering) -> None:
    found(chat)
    cast(chat, "Mei")
    post(chat, ToPerson(person_id(chat, "Mei")), "x.first", "One")
    await restarted(chat)
    post(chat, ToPerson(person_id(chat, "Mei")), "x.second", "Two")
    await killed_while_sending(chat, "x.second", arrived=False)
    await restarted(chat)
    [doubt] = chat.asked
    assert doubt.beside == "m1"
    assert doubt.since == row(chat, "x.second").made_at


def test_a_number_that_a_database_gives_twice_is_never_taken_for_the_same_message(chat: Remembering) -> None:
    found(chat)
    refs = []
    for _round in range(2):
        post(chat, ToCommunity(), "x.card", "Hello")
        with Session(chat.engine) as session, session.begin():
            ready = sending.prepare(session, row(chat, "x.card").id or 0, chat.clock.now())
            assert ready
            refs.append(ready.parcel.ref)
            session.delete(session.get_one(outbox.Outgoing, ready.id))
        chat.clock.move(chat.clock.now() + timedelta(seconds=1))
    assert len(set(refs)) == 2
    assert all(len(ref) <= 25 for ref in refs)


# --- waiting ----------------------------------------------------------------------------------


@dataclass
class Crowded(Chat):
    """Each place it says to wait for refuses its first message once."""

    waits: dict[str, TryLater] = field(default_factory=dict)
    tried: list[str] = field(default_factory=list)

    async def deliver(self, parcel: Parcel) -> str:
        assert isinstance(parcel.to, InChannel)
        self.tried.append(f"{parcel.to.channel} {parcel.message.parts[0].body}")  # type: ignore[union-attr]
        if wait := self.waits.pop(parcel.to.channel, None):
            raise wait
        return await super().deliver(parcel)


async def said(chat: Crowded, channels: list[str]) -> None:
    """Three messages to each channel, while the clock runs as fast as the machine's."""
    found(chat, channel=channels[0])
    with Session(chat.engine) as session, session.begin():
        for channel in channels[1:]:
            communities.bind(session, 1, chat.name, chat.space, channel)
    for n in (1, 2, 3):
        post(chat, ToCommunity(), f"x.{n}", str(n))
    sender = Sender(chat.app, {chat.name: chat})
    await sender.pump()
    while not all(lane.empty for lane in sender.lanes.values()):
        chat.clock.move(chat.clock.now() + timedelta(seconds=1))
        await asyncio.sleep(0.005)
    await sender.stop()


async def test_a_channel_that_has_to_wait_keeps_its_order_and_delays_no_other(engine: Engine) -> None:
    chat = Crowded(engine, waits={"busy": TryLater(0.3)})
    await said(chat, ["busy", "calm"])
    assert [t for t in chat.tried if "busy" in t] == ["busy 1", "busy 1", "busy 2", "busy 3"]
    assert [t for t in chat.tried if "calm" in t] == ["calm 1", "calm 2", "calm 3"]
    assert chat.tried.index("calm 3") < [i for i, t in enumerate(chat.tried) if t == "busy 1"][1]


async def test_a_lane_that_has_to_wait_keeps_the_order_in_every_channel(engine: Engine) -> None:
    chat = Crowded(engine, waits={"a": TryLater(0.2, whole_lane=True), "b": TryLater(0.1, fault=True)})
    await said(chat, ["a", "b"])
    for channel in "ab":
        assert [p.words.strip() for p in chat.in_channel(channel)] == ["1", "2", "3"]


async def test_one_platforms_wait_is_not_anothers(engine: Engine) -> None:
    busy, calm = Crowded(engine, waits={"general": TryLater(30.0, whole_lane=True)}), Crowded(engine, name="other")
    found(busy)
    with Session(busy.engine) as session, session.begin():
        communities.bind(session, 1, calm.name, calm.space, "elsewhere")
    post(busy, ToCommunity(), "x.card", "Hello")
    sender = Sender(busy.app, {busy.name: busy, calm.name: calm})
    await sender.pump()
    while not calm.posts or not busy.tried:
        await asyncio.sleep(0.005)
    await sender.stop()
    assert busy.posts == []


def test_an_outage_never_ends_a_message_and_a_fault_of_its_own_does(chat: Remembering) -> None:
    found(chat)
    for key, why, state in (
        ("x.out", TryLater(5.0, fault=True), outbox.DOUBTFUL),
        ("x.bug", KeyError("x"), outbox.DEAD),
    ):
        post(chat, ToCommunity(), key, "Hello")
        for _try in range(30):
            with Session(chat.engine) as session, session.begin():
                ready = sending.prepare(session, row(chat, key).id or 0, chat.clock.now())
                wait = sending.not_delivered(session, ready, why, chat.clock.now(), "cop") if ready else 0.0
            assert wait <= max(sending.LONGEST_OUTAGE, sending.LONGEST_WAIT) * 1.2
            chat.clock.move(chat.clock.now() + timedelta(seconds=wait + 1))
        assert row(chat, key).state == state


def test_being_asked_to_wait_is_obeyed_to_the_second_and_casts_no_doubt(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    with Session(chat.engine) as session, session.begin():
        ready = sending.prepare(session, row(chat, "x.card").id or 0, chat.clock.now())
        assert ready
        assert sending.not_delivered(session, ready, TryLater(7.0), chat.clock.now(), "cop") == 7.0
    after = row(chat, "x.card")
    assert (after.state, after.attempts) == (outbox.WAITING, 0)
    assert after.not_before == chat.clock.now() + timedelta(seconds=7)


async def test_a_clock_that_was_set_back_keeps_nothing_waiting(chat: Remembering) -> None:
    found(chat)
    sender = Sender(chat.app, {chat.name: chat})
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.clock.at -= timedelta(hours=1)
    await sender.settle()
    await sender.stop()
    assert [p.words.strip() for p in chat.posts] == ["Hello"]


async def test_a_clock_that_is_set_back_while_a_channel_speaks_changes_no_order(chat: Remembering) -> None:
    found(chat)
    sender = Sender(chat.app, {chat.name: chat})
    for word in ("First", "Second", "Third"):
        post(chat, ToCommunity(), f"x.{word}", word)
    await sender.pump()
    chat.clock.at -= timedelta(hours=1)  # nobody has looked at it yet
    while not all(lane.empty for lane in sender.lanes.values()):
        await asyncio.sleep(0.005)
    await sender.stop()
    assert [p.words.strip() for p in chat.posts] == ["First", "Second", "Third"]


async def test_what_is_saved_only_after_the_clock_was_set_back_waits_no_hour_either(chat: Remembering) -> None:
    found(chat)
    sender = Sender(chat.app, {chat.name: chat})
    before = chat.clock.now()
    chat.clock.at -= timedelta(hours=1)
    await sender.settle()  # it is noticed; on PostgreSQL, somebody may be in the middle of something
    now, chat.clock.at = chat.clock.at, before
    post(chat, ToCommunity(), "x.card", "Hello")
    chat.clock.at = now
    await sender.settle()
    await sender.stop()
    assert [p.words.strip() for p in chat.posts] == ["Hello"]


def test_what_is_set_back_is_seen_by_a_look_begun_just_before_and_overtakes_nothing(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.later", "Later")
    chat.clock.at -= timedelta(hours=1)
    now = chat.clock.now()
    chat.clock.at -= timedelta(seconds=2)
    post(chat, ToCommunity(), "x.earlier", "Earlier")
    with Session(chat.engine) as session, session.begin():
        assert outbox.set_back(session, now) == 1
        seen = outbox.due(session, now - timedelta(seconds=0.5), 10, [(chat.name, chat.space)])
        assert [key.partition("@")[0] for *_, key in seen] == ["x.earlier", "x.later"]


async def test_what_its_sender_could_write_down_only_after_the_lane_was_taken_over_is_not_sent_again(
    chat: Remembering,
) -> None:
    chat.secretive = True
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    with Session(chat.engine) as session, session.begin():
        first = sending.prepare(session, row(chat, "x.card").id or 0, chat.clock.now())
    assert first
    receipt = await chat.deliver(first.parcel)  # and the database is gone
    sender = Sender(chat.app, {chat.name: chat})
    await sender.take_over()
    name = sender.lane_of(chat.name, chat.space)
    lane = sender.open(LaneName(name, chat.name, chat.space), settled=monotonic() + 1.0)
    await sender.pump()
    while row(chat, "x.card").state != outbox.SENDING:
        await asyncio.sleep(0.005)
    with Session(chat.engine) as session, session.begin():
        sending.delivered(session, first, receipt, chat.clock.now())
    while not lane.empty:
        await asyncio.sleep(0.005)
    await sender.close(name)
    assert [p.words.strip() for p in chat.posts] == ["Hello"]
    assert (row(chat, "x.card").state, row(chat, "x.card").receipt) == (outbox.SENT, receipt)


async def test_a_lane_is_given_up_although_whoever_closes_it_is_cut_off_while_waiting(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=False)
    sender = Sender(chat.app, {chat.name: chat})
    await sender.take_over()
    name = sender.lane_of(chat.name, chat.space)
    lane = sender.open(LaneName(name, chat.name, chat.space), settled=monotonic() + 0.5)
    await sender.pump()
    while row(chat, "x.card").state != outbox.SENDING:
        await asyncio.sleep(0.005)
    closing = asyncio.create_task(sender.close(name))
    await asyncio.sleep(0.01)
    closing.cancel()
    await asyncio.wait([closing])
    while lane.sending:
        await asyncio.sleep(0.005)
    assert sender.lanes == {}
    assert chat.posts == []


async def test_what_is_to_be_tried_again_keeps_its_place_where_another_runner_goes_on(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.first", "First")
    post(chat, ToCommunity(), "x.second", "Second")
    with Session(chat.engine) as session, session.begin():
        ready = sending.prepare(session, row(chat, "x.first").id or 0, chat.clock.now())
        assert ready
        sending.not_delivered(session, ready, TryLater(0.5), chat.clock.now(), "cop")
    sender = Sender(chat.app, {chat.name: chat})
    await sender.start()
    await sender.pump()
    await asyncio.sleep(0.1)
    assert chat.posts == []
    chat.clock.at += timedelta(seconds=0.5)
    await sender.settle()
    await sender.stop()
    assert [p.words.strip() for p in chat.posts] == ["First", "Second"]


async def test_what_was_tried_again_when_its_sender_was_killed_keeps_its_place(chat: Remembering) -> None:
    found(chat)
    post(chat, ToCommunity(), "x.first", "First")
    post(chat, ToCommunity(), "x.second", "Second")
    with Session(chat.engine) as session, session.begin():
        ready = sending.prepare(session, row(chat, "x.first").id or 0, chat.clock.now())
        assert ready
        sending.not_delivered(session, ready, TryLater(0.5), chat.clock.now(), "cop")
    chat.clock.at += timedelta(seconds=1)
    await killed_while_sending(chat, "x.first", arrived=False)
    await restarted(chat)
    assert [p.words.strip() for p in chat.posts] == ["First", "Second"]


async def test_what_outlives_the_end_of_its_lane_here_is_left_to_whoever_runs_the_lane_now(
    chat: Remembering, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender_module, "LAST", 0.0)
    found(chat)
    post(chat, ToCommunity(), "x.card", "Hello")
    await killed_while_sending(chat, "x.card", arrived=False)
    sender = Sender(chat.app, {chat.name: chat})
    await sender.take_over()
    name = sender.lane_of(chat.name, chat.space)
    lane = sender.open(LaneName(name, chat.name, chat.space), settled=monotonic() + 1.0)
    await sender.pump()
    while row(chat, "x.card").state != outbox.SENDING:
        await asyncio.sleep(0.005)
    await sender.close(name)
    while lane.sending:
        await asyncio.sleep(0.005)
    assert len(chat.asked) == 1
    assert chat.posts == []
    assert row(chat, "x.card").state == outbox.SENDING
