"""What a handler may do to the world: post where the community lives, to people where they are, and set timers."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, col, select

from bot.core import signals
from bot.core.context import ADDRESS, MESSAGE, Context, News
from bot.core.errors import Refusal
from bot.core.events import Place
from bot.core.platform import DirectMessage, InCalendar, InChannel, InThread
from bot.i18n import locale
from bot.ui import Message, Text, ToCalendar, ToCommunity, ToFacilitators, ToPerson, ToThread
from bot.ui.markup import mention
from storage.communities import communities, installations
from storage.messaging import outbox, timers
from storage.messaging.told_facts import ToldFact
from storage.operations.audit_log import Audit
from storage.people import account_links, people
from storage.privacy import personal_data
from tests.support.chat import START


def say(body: str) -> Message:
    return Message((Text(body),))


def community(session: Session, *channels: tuple[str, str, str], zone: str = "America/New_York") -> Context:
    row = communities.add(session, name="Youth workers", purpose="", zone=zone, locale="en", now=START)
    for platform, space, channel in channels:
        communities.bind(session, communities.key(row), platform, space, channel)
    return Context(session, START, "cop", community_or_none=row)


def person(session: Session, *accounts: tuple[str, str, str], name: str = "Mei") -> people.Person:
    """Somebody with these accounts, last seen on the first of them."""
    row = people.Person(name=name)
    session.add(row)
    session.flush()
    for days, (platform, space, external) in enumerate(accounts):
        seen = START - timedelta(days=days)
        session.add(
            people.Account(
                person_id=people.key(row), platform=platform, space=space, external=external, name=name, seen_at=seen
            )
        )
    session.flush()
    return row


def rows(session: Session) -> list[outbox.Outgoing]:
    return list(session.exec(select(outbox.Outgoing).order_by(col(outbox.Outgoing.id))).all())


def address_of(row: outbox.Outgoing) -> object:
    return ADDRESS.validate_json(row.address)


def test_community_is_told_in_each_of_its_channels(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"), ("discord", "D1", "C2"))
    ctx.post(ToCommunity(), "x.card", say, "Hello")
    assert [(row.key, row.platform, row.space, address_of(row)) for row in rows(session)] == [
        ("x.card@1", "slack", "S1", InChannel("C1")),
        ("x.card@2", "discord", "D1", InChannel("C2")),
    ]
    assert not any(row.is_request or row.ignores_quiet_hours for row in rows(session))
    assert ctx.work_queued


def test_nothing_is_queued_by_a_post_that_reaches_nobody(session: Session) -> None:
    ctx = community(session)
    ctx.post(ToCommunity(), "x.card", say, "Hello")
    ctx.post(ToFacilitators(), "x.note", say, "Hello")
    ctx.post(ToPerson(people.key(person(session))), "x.dm", say, "Hello")
    assert (rows(session), ctx.work_queued) == ([], False)


def test_thread_is_answered_where_its_parent_stands_and_the_community_still_lives(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"), ("slack", "S1", "C2"))
    ctx.post(ToCommunity(), "x.card", say, "Hello")
    communities.unbind(session, ctx.community_id, "slack", "S1", "C2")
    session.flush()
    ctx.post(ToThread("x.card", broadcast=True), "x.reply", say, "Answer")
    [reply] = [row for row in rows(session) if row.key.startswith("x.reply")]
    assert (reply.key, address_of(reply)) == ("x.reply@1", InThread("x.card@1", True))


def test_calendar_has_a_meeting_once_for_each_space_that_has_one(session: Session) -> None:
    ctx = community(
        session, ("discord", "D1", "C1"), ("discord", "D1", "C2"), ("discord", "D2", "C3"), ("slack", "S1", "C4")
    )
    ctx.post(ToCalendar(), "x.event", say, "Hello")
    assert rows(session) == []
    ctx.calendars = ("discord",)
    ctx.post(ToCalendar(), "x.event", say, "Hello")
    assert {(row.key, row.space) for row in rows(session)} == {("x.event@1", "D1"), ("x.event@3", "D2")}
    assert {address_of(row) for row in rows(session)} == {InCalendar()}


def test_person_is_written_to_where_they_were_last_seen(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("discord", "D1", "mei"), ("slack", "S1", "U1"))
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello")
    [row] = rows(session)
    assert (row.key, row.platform, row.space, address_of(row)) == (
        f"x.dm@p{mei.id}",
        "discord",
        "D1",
        DirectMessage("mei"),
    )
    assert (row.person_id, row.is_request, row.ignores_quiet_hours) == (mei.id, False, False)


def test_request_is_counted_and_may_ignore_quiet_hours(session: Session) -> None:
    ctx = community(session)
    mei = people.key(person(session, ("slack", "S1", "U1")))
    ctx.post(ToPerson(mei, is_request=True), "x.a", say, "Hello")
    ctx.post(ToPerson(mei, ignores_quiet_hours=True), "x.b", say, "Hello")
    assert [(row.is_request, row.ignores_quiet_hours) for row in rows(session)] == [(True, False), (False, True)]


def test_person_is_written_to_where_they_are_asking(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("discord", "D1", "mei"), ("slack", "S1", "U1"))
    ctx.place, ctx.actor = Place("slack", "S1", "C1"), mei
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello")
    ben = person(session, ("discord", "D1", "ben"), ("slack", "S1", "U2"), name="Ben")
    ctx.post(ToPerson(people.key(ben)), "y.dm", say, "Hello")
    assert [row.platform for row in rows(session)] == ["slack", "discord"]


def test_person_is_written_to_where_messages_are_carried(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("discord", "D1", "mei"), ("slack", "S1", "U1"))
    ctx.place, ctx.actor, ctx.running = Place("discord", "D1", "C1"), mei, ("slack",)
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello")
    assert [row.platform for row in rows(session)] == ["slack"]


def test_message_to_a_person_is_rewritten_where_it_stands(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("discord", "D1", "mei"), ("slack", "S1", "U1"))
    ctx.place, ctx.actor, ctx.running = Place("slack", "S1", "C1"), mei, ("slack", "discord")
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello")
    [row] = rows(session)
    row.receipt = "m1"
    ctx.place = Place("discord", "D1", "C1")
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello again")
    assert [(row.platform, row.version) for row in rows(session)] == [("slack", 2)]


def test_person_is_not_written_to_where_the_bot_was_taken_out(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("discord", "D1", "mei"), ("slack", "S1", "U1"))
    ctx.place, ctx.actor, ctx.running = Place("discord", "D1", "C1"), mei, ("discord",)
    session.add(installations.Installation(platform="discord", space="D1", installed_at=START, gone_at=START))
    session.flush()
    ctx.post(ToPerson(people.key(mei)), "x.dm", say, "Hello")
    assert [row.platform for row in rows(session)] == ["slack"]


def test_facilitators_are_each_told_in_their_own_language(session: Session) -> None:
    ctx = community(session)
    for name, tongue in (("Ben", "en"), ("Olu", "es")):
        who = person(session, ("slack", "S1", name), name=name)
        who.locale = tongue
        people.enrol(session, ctx.community_id, people.key(who)).role = 2
    people.enrol(session, ctx.community_id, people.key(person(session, ("slack", "S1", "Mei"))))
    session.flush()
    ctx.post(ToFacilitators(), "x.note", lambda: say(locale()))
    assert sorted(row.message.split('"body":"')[1][:2] for row in rows(session)) == ["en", "es"]


def test_mention_in_a_post_is_the_account_of_that_platform(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"), ("discord", "D1", "C2"))
    mei = person(session, ("slack", "S1", "U1"))
    ctx.post(ToCommunity(), "x.card", say, mention(people.key(mei), "Mei"))
    slack, discord = rows(session)
    assert "[Mei](account:U1)" in slack.message
    assert f"[Mei](person:{mei.id})" in discord.message


@pytest.mark.parametrize(
    ("own", "community_zone", "expected"),
    [
        ("Europe/Berlin", "America/New_York", "Europe/Berlin"),
        ("", "America/New_York", "America/New_York"),
        (None, "America/New_York", "America/New_York"),
        ("Europe/Berlin", None, "Europe/Berlin"),
        ("", None, "UTC"),
        (None, None, "UTC"),
    ],
)
def test_zone_is_the_person_s_own_else_the_community_s(
    session: Session, own: str | None, community_zone: str | None, expected: str
) -> None:
    ctx = community(session, zone=community_zone) if community_zone else Context(session, START, "cop")
    ctx.actor = None if own is None else people.Person(name="Mei", zone=own)
    assert ctx.zone.key == expected


def test_timer_is_set_moved_and_cancelled(session: Session) -> None:
    ctx = community(session)
    later = START + timedelta(hours=1)
    ctx.schedule_timer("x.ring", "1", at=START)
    ctx.schedule_timer("x.ring", "1", at=later)
    ctx.schedule_timer("x.ring", at=later)
    assert ctx.work_queued
    found = timers.upcoming(session, ctx.community_id, later)
    assert [(t.kind, t.value, t.at) for t in found] == [("x.ring", "1", later), ("x.ring", "", later)]
    ctx.cancel_timer("x.ring")
    assert [t.value for t in timers.upcoming(session, ctx.community_id, later)] == ["1"]


def test_timers_to_come_are_replaced_by_exactly_those_wanted(session: Session) -> None:
    ctx = community(session)
    later = START + timedelta(hours=1)
    ctx.schedule_timer("x.ring", "1", at=later)
    ctx.work_queued = False
    ctx.replace_timers(["x.ring"], {("x.ring", "2"): later})
    assert ctx.work_queued
    assert [t.value for t in timers.upcoming(session, ctx.community_id, later)] == ["2"]


def test_timer_of_no_community_belongs_to_none(session: Session) -> None:
    ctx = Context(session, START, "cop")
    ctx.schedule_timer("x.ring", at=START)
    [timer] = session.exec(select(timers.Timer)).all()
    assert timer.community_id is None
    ctx.cancel_timer("x.ring")
    assert session.exec(select(timers.Timer)).all() == []


def test_audit_log_names_who_did_what_and_where(session: Session) -> None:
    ctx = community(session)
    ctx.actor = person(session)
    ctx.audit("x.ring", "the bell")
    Context(session, START, "cop").audit("x.stop")
    first, second = session.exec(select(Audit).order_by(col(Audit.id))).all()
    assert (first.community_id, first.person_id, first.action, first.detail, first.at) == (
        ctx.community_id,
        ctx.actor.id,
        "x.ring",
        "the bell",
        START,
    )
    assert (second.community_id, second.person_id, second.detail) == (None, None, "")


def test_handler_without_a_community_is_refused_in_words(session: Session) -> None:
    with pytest.raises(Refusal, match="not tied to a community"):
        _ = Context(session, START, "cop").community_id


# --- posts that hold until a moment


class Drawn:
    """A post that a test's feature draws anew: each time with what it `says` then, until `until`."""

    def __init__(self, ctx: Context) -> None:
        self.says, self.until, self.drawn = "Open", START + timedelta(days=1), 0
        ctx.redraws = {"x.card": self.draw}

    def view(self) -> Message:
        return Message((Text(self.says),), holds_until=self.until)

    def draw(self, ctx: Context, value: str) -> None:
        self.drawn += 1
        ctx.post(ToCommunity(), f"x.card.{value}", self.view)


def ends(ctx: Context) -> list[tuple[str, datetime]]:
    found = ctx.session.exec(select(timers.Timer).where(timers.Timer.kind == signals.POST_ENDS)).all()
    return [(timer.value, timer.at) for timer in found]


def later(ctx: Context, **span: float) -> Context:
    """Return the context of a later event in the same community."""
    return replace(ctx, now=ctx.now + timedelta(**span), ends={})


def test_post_that_holds_until_a_moment_sets_one_timer_which_follows_it(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"), ("discord", "D1", "C2"))
    post = Drawn(ctx)
    ctx.post(ToCommunity(), "x.card.7", post.view)
    assert ends(ctx) == [("x.card.7", post.until)]
    post.until = START + timedelta(days=2)
    ctx = later(ctx, hours=1)
    ctx.post(ToCommunity(), "x.card.7", post.view)
    assert ends(ctx) == [("x.card.7", START + timedelta(days=2))]
    assert "holds_until" not in rows(session)[0].message


def test_post_that_holds_for_good_has_no_timer(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"))
    post = Drawn(ctx)
    ctx.post(ToCommunity(), "x.card.7", post.view)
    ctx = later(ctx, hours=1)
    ctx.post(ToCommunity(), "x.card.7", say, "Closed")
    assert ends(ctx) == []


def test_moment_that_has_passed_sets_no_timer(session: Session) -> None:
    """It would fire at once, draw the same, and be set again."""
    ctx = community(session, ("slack", "S1", "C1"))
    post = Drawn(ctx)
    ctx.post(ToCommunity(), "x.card.7", post.view)
    ctx = later(ctx, days=1)
    ctx.redraw("x.card.7")
    assert post.drawn == 1
    assert ends(ctx) == []


def test_first_end_of_several_copies_counts(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"))
    post = Drawn(ctx)
    mei, olu = person(session, ("slack", "S1", "U1")), person(session, ("slack", "S1", "U2"), name="Olu")
    for who, days in ((mei, 3), (olu, 2)):
        post.until = START + timedelta(days=days)
        ctx.post(ToPerson(people.key(who)), "x.card.7", post.view)
    ctx.post(ToPerson(people.key(mei)), "x.card.7", say, "Done")
    assert ends(ctx) == [("x.card.7", START + timedelta(days=2))]


@pytest.mark.parametrize(
    ("state", "receipt", "is_drawn"),
    [
        (outbox.WAITING, "", True),
        (outbox.SENT, "m1", True),
        (outbox.FAILED, "m1", True),
        (outbox.SUPPRESSED, "", False),
        (outbox.FAILED, "", False),
        (outbox.DELETED, "m1", False),
    ],
)
def test_redraw_sends_nothing_that_nobody_got(session: Session, state: str, receipt: str, is_drawn: bool) -> None:
    ctx = community(session, ("slack", "S1", "C1"))
    post = Drawn(ctx)
    ctx.post(ToCommunity(), "x.card.7", post.view)
    [row] = rows(session)
    row.state, row.receipt, post.says = state, receipt, "Closed"
    session.flush()
    ctx.redraw("x.card.7")
    [row] = rows(session)
    assert ("Closed" in row.message, row.state) == (is_drawn, outbox.WAITING if is_drawn else state)


def test_redraw_posts_in_no_new_channel_and_of_nothing_unposted(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"))
    post = Drawn(ctx)
    ctx.redraw("x.card.7")
    ctx.redraw("y.card.7")
    assert post.drawn == 0
    ctx.post(ToCommunity(), "x.card.7", post.view)
    communities.bind(session, ctx.community_id, "slack", "S1", "C2")
    post.says = "Closed"
    ctx.redraw("x.card.7")
    assert len(rows(session)) == 1
    ctx.post(ToCommunity(), "x.card.7", post.view)
    assert len(rows(session)) == 2


# --- who was told what


def tell(
    ctx: Context,
    now: str,
    was: str = "planned",
    to: tuple[people.Person, ...] = (),
    public: str = "",
    by: people.Person | None = None,
) -> None:
    key = f"x.told.{ctx.now.timestamp():.0f}"
    ctx.tell(News("x.7", now, key, was, [people.key(who) for who in to], public, by.id if by else None), say, now)


def told(session: Session, state: str = outbox.WAITING) -> list[tuple[int | None, str]]:
    """Return the person and the words of each message that is to be sent, or was."""
    found = [row for row in rows(session) if row.state == state]
    return [(row.person_id, MESSAGE.validate_json(row.message).parts[0].body) for row in found]  # type: ignore[union-attr]


def delivered(session: Session) -> None:
    for row in rows(session):
        if row.state == outbox.WAITING:
            row.state, row.receipt = outbox.SENT, f"m{row.id}"
    session.flush()


def test_only_who_was_told_is_told_that_it_no_longer_holds(session: Session) -> None:
    ctx = community(session)
    mei, olu = person(session, ("slack", "S1", "U1")), person(session, ("slack", "S1", "U2"), name="Olu")
    tell(ctx, "off", to=(mei,))
    delivered(session)
    ctx = later(ctx, hours=1)
    tell(ctx, "planned", was="off")
    assert told(session) == [(people.key(mei), "planned")]
    delivered(session)
    ctx = later(ctx, hours=1)
    tell(ctx, "moved", to=(mei, olu))
    assert told(session) == [(people.key(mei), "moved"), (people.key(olu), "moved")]


def test_nobody_is_told_the_same_twice(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    tell(ctx, "off", to=(mei,))
    delivered(session)
    tell(later(ctx, hours=1), "off", to=(mei,))
    assert told(session) == []


@pytest.mark.parametrize("told_before", [True, False])
def test_who_changed_it_is_not_told_and_knows_it(session: Session, *, told_before: bool) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    if told_before:
        tell(ctx, "moved", to=(mei,))
        delivered(session)
        ctx = later(ctx, hours=1)
    tell(ctx, "off", was="moved" if told_before else "planned", to=(mei,), by=mei)
    assert told(session) == []
    ctx = later(ctx, hours=1)
    tell(ctx, "planned", was="off", to=(mei,))
    assert told(session) == [(people.key(mei), "planned")]


@pytest.mark.parametrize("state", [outbox.WAITING, outbox.FAILED])
@pytest.mark.parametrize("sent_before", [True, False])
def test_unsent_message_is_taken_back(session: Session, state: str, *, sent_before: bool) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    if sent_before:
        tell(ctx, "moved", to=(mei,))
        delivered(session)
        ctx = later(ctx, hours=1)
    known = "moved" if sent_before else "planned"
    tell(ctx, "off", was=known, to=(mei,))
    rows(session)[-1].state = state
    session.flush()
    ctx = later(ctx, hours=1)
    tell(ctx, known, was="off")
    assert told(session) == []
    assert rows(session)[-1].state == outbox.SUPPRESSED
    # What she knows is remembered.
    ctx = later(ctx, hours=1)
    tell(ctx, "elsewhere", was=known, to=(mei,))
    assert told(session) == [(people.key(mei), "elsewhere")]
    delivered(session)
    tell(later(ctx, hours=1), known, was="elsewhere")
    assert told(session) == [(people.key(mei), known)]


@pytest.mark.parametrize("state", [outbox.SENDING, outbox.UNCERTAIN])
def test_message_that_may_have_arrived_counts_as_told(session: Session, state: str) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    tell(ctx, "off", to=(mei,))
    rows(session)[-1].state = state
    session.flush()
    tell(later(ctx, hours=1), "planned", was="off")
    assert told(session) == [(people.key(mei), "planned")]


def test_each_channel_is_told_what_it_does_not_know(session: Session) -> None:
    ctx = community(session, ("slack", "S1", "C1"), ("discord", "D1", "C2"))
    tell(ctx, "off", public="x.public.1")
    first, second = rows(session)
    first.state, first.receipt = outbox.SENT, "m1"
    session.flush()
    tell(later(ctx, hours=1), "planned", was="off", public="x.public.2")
    assert second.state == outbox.SUPPRESSED
    assert [row.key for row in rows(session) if row.state == outbox.WAITING] == ["x.public.2@1"]


def test_message_that_tells_more_counts_as_told_and_is_not_taken_back(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    ctx.post(ToPerson(people.key(mei)), "x.reminder", say, "Tomorrow")
    ctx.record_told("x.7", "planned", people.key(mei), "x.reminder", ctx.community_id)
    delivered(session)
    tell(later(ctx, hours=1), "off")
    assert told(session) == [(people.key(mei), "off")]


def test_who_was_merged_into_another_person_is_told_too(session: Session) -> None:
    ctx = community(session)
    mei, same = person(session, ("slack", "S1", "U1")), person(session, ("discord", "", "9"), name="Mei")
    tell(ctx, "off", to=(same,))
    delivered(session)
    account_links.merge(session, people.key(same), people.key(mei), ctx.now)
    ctx = later(ctx, hours=1)
    tell(ctx, "planned", was="off")
    assert told(session) == [(people.key(mei), "planned")]
    delivered(session)
    tell(later(ctx, hours=1), "off", was="planned")
    assert told(session) == [(people.key(mei), "off")]


def test_what_somebody_was_told_is_kept_for_each_community(session: Session) -> None:
    ctx, other = community(session), community(session)
    mei = people.key(person(session, ("slack", "S1", "U1")))
    for id, fact in ((ctx.community_id, "member"), (other.community_id, "facilitator")):
        ctx.record_told("x.role", fact, mei, f"x.{id}", id)
    facts = session.exec(select(ToldFact).order_by(col(ToldFact.id))).all()
    assert [(row.community_id, row.fact) for row in facts] == [(1, "member"), (2, "facilitator")]


def test_what_somebody_was_told_goes_when_they_leave(session: Session) -> None:
    ctx = community(session)
    mei = person(session, ("slack", "S1", "U1"))
    tell(ctx, "off", to=(mei,))
    personal_data.leave(session, people.key(mei), ctx.community_id, "Someone", delete_too=False)
    assert session.exec(select(ToldFact)).all() == []
