"""Asking after a meeting, and what becomes of the answers, in the order it happens."""

from collections.abc import Sequence
from datetime import timedelta

from bot.context import Context
from bot.events import Click, Command, Due, Submission
from bot.feature import Feature
from bot.features.feedback import own_views, reply_views, rules, views
from bot.fit import number
from bot.kinds import CHANGE, USUAL, WORKED, asked_after, kind
from bot.permissions import Role
from bot.refusal import Refusal
from bot.rhythm import TELL_WITHIN, too_late
from bot.ui import FormErrors, Message, Reply, Text, ToCommunity, ToFacilitators
from storage import asks, meetings
from storage import feedback as store
from storage.feedback import OPEN, STATES, Commitment, Feedback, TakeHome
from storage.meetings import PLANNED, Meeting

feedback = Feature("feedback")
TAKEN_HOME = 10  # shown by `takeaways`


def _find(ctx: Context, id: str) -> Meeting:
    row = meetings.get(ctx.session, ctx.community_id, number(id))
    if row is None or row.status != PLANNED or row.starts_at > ctx.now:
        raise Refusal(views.no_such_meeting())
    return row


@feedback.timer("ask")
def ask(ctx: Context, event: Due) -> Reply:
    """When people have just met; nothing when the community is paused or has been asked enough this week."""
    meeting = _held(ctx, event.value)
    if ctx.community.paused or meeting is None or too_late(event.at, ctx.now):
        return None
    week = asks.week_of(ctx.now, ctx.community.zone)
    if asks.take(ctx.session, ctx.community_id, week, f"feedback.ask {event.value}", ctx.now):
        ctx.post(ToCommunity(), f"feedback.card.{meeting.id}", views.card_of, meeting, 0)
        ctx.wake("feedback.closed", str(meeting.id), at=meeting.starts_at + TELL_WITHIN)
    return None


def _held(ctx: Context, id: str) -> Meeting | None:
    row = meetings.get(ctx.session, ctx.community_id, number(id))
    return row if row and row.status == PLANNED and row.starts_at <= ctx.now else None


@feedback.preview("ask")
def preview(ctx: Context, value: str) -> Message | None:
    row = meetings.get(ctx.session, ctx.community_id, number(value))
    return views.card_of(row, 0) if row and row.status == PLANNED else None


@feedback.click("answer", reads=True)
def ask_for_words(ctx: Context, event: Click) -> Reply:
    meeting = _find(ctx, event.value)
    _check_open(ctx, meeting)
    return views.form(meeting, _said_before(ctx, meeting), ctx.zone)


def _check_open(ctx: Context, meeting: Meeting) -> None:
    if not rules.is_open(meeting.starts_at, ctx.now):
        raise Refusal(views.too_late(meeting.starts_at + TELL_WITHIN))


def _said_before(ctx: Context, meeting: Meeting) -> dict[str, str]:
    id = meetings.key(meeting)
    mine = store.of(ctx.session, id, ctx.me)
    plan, home = store.commitment_from(ctx.session, id, ctx.me), store.take_home_of(ctx.session, id, ctx.me)
    return store.told_by(ctx.session, id, ctx.me) | {
        "worked": mine.worked if mine else "",
        "change": mine.change if mine else "",
        "useful": str(mine.useful) if mine and mine.useful else "",
        "commitment": plan.words if plan else "",
        "home": home.words if home else "",
    }


@feedback.form("answer")
def save(ctx: Context, event: Submission) -> Reply:
    meeting = _find(ctx, event.value)
    _check_open(ctx, meeting)
    asked = kind(meeting.kind).after
    said = {name: event.answers.get(name, "") if name in asked else "" for name in {*USUAL, *asked}}
    long = [name for name in asked if len(said[name]) > rules.LONGEST]
    if long:
        cut = {name: words[: rules.LONGEST] for name, words in said.items()}
        return FormErrors(views.form(meeting, cut, ctx.zone), {name: views.too_long(rules.LONGEST) for name in long})
    id = meetings.key(meeting)
    if not any(said.values()):
        if not any(_said_before(ctx, meeting).values()):
            return FormErrors(views.form(meeting, said, ctx.zone), {"worked": views.empty()})
        store.withdraw(ctx.session, id, ctx.me)
        _show_count(ctx, meeting)
        return views.withdrawn(meeting)
    useful = int(said["useful"]) if said["useful"] in map(str, rules.RATINGS) else 0
    own = {name: said[name] for name in asked if name not in USUAL}
    store.tell(ctx.session, id, ctx.me, own, ctx.now)
    store.save(ctx.session, id, ctx.me, worked=said["worked"], change=said["change"], useful=useful, now=ctx.now)
    store.commit(ctx.session, ctx.community_id, id, ctx.me, said["commitment"], ctx.now)
    home = store.take_home(ctx.session, ctx.community_id, id, ctx.me, said["home"], ctx.now)
    _show_count(ctx, meeting)
    return views.thanks(meeting, home, _organization(ctx), committed=bool(said["commitment"]))


def _show_count(ctx: Context, meeting: Meeting) -> None:
    id = meetings.key(meeting)
    ctx.post(ToCommunity(), f"feedback.card.{id}", views.card_of, meeting, len(store.about(ctx.session, id)))


def _organization(ctx: Context) -> str:
    row = ctx.membership
    return row.organization if row else ""


@feedback.timer("closed")
def tell(ctx: Context, event: Due) -> Reply:
    """No more answers come in: those who facilitate may read them."""
    meeting = _held(ctx, event.value)
    if meeting and not ctx.community.paused and not too_late(event.at, ctx.now):
        answers = len(store.about(ctx.session, meetings.key(meeting)))
        if rules.enough(answers):
            ctx.post(ToFacilitators(), f"feedback.closed.{meeting.id}", views.ready, meeting, answers)
    return None


@feedback.command("feedback show", help="How the last meetings were, without names", needs=Role.FACILITATOR)
def show(ctx: Context, event: Command) -> Reply:
    """The last meeting whose answers are closed; words and ratings only where enough people have answered."""
    if not ctx.standing.facilitates:
        raise Refusal(views.for_facilitators())
    closed = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now - TELL_WITHIN)
    latest = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now)
    if latest is None:
        raise Refusal(views.none_held())
    if closed and closed.id == latest.id:
        return _results(ctx, closed, None)
    still = views.still_open(latest, len(store.about(ctx.session, meetings.key(latest))))
    return _results(ctx, closed, still) if closed else Message((still,))


def _results(ctx: Context, meeting: Meeting, still: Text | None) -> Reply:
    rows = store.about(ctx.session, meetings.key(meeting))
    if not rules.enough(len(rows)):
        return views.too_few(meeting, len(rows), still)
    before = meetings.between(ctx.session, ctx.community_id, ctx.now - timedelta(days=400), meeting.starts_at)
    trend = []
    for earlier in before[-3:]:
        ratings = [f.useful for f in store.about(ctx.session, meetings.key(earlier))]
        trend.append((earlier, rules.mean(ratings)))
    useful = rules.mean([f.useful for f in rows])
    replies = store.replies_about(ctx.session, meetings.key(meeting))
    return views.results(meeting, len(rows), useful, _said(ctx, meeting, rows), trend, replies, still)


def _said(ctx: Context, meeting: Meeting, rows: Sequence[Feedback]) -> list[tuple[str, list[str]]]:
    """What people wrote for facilitators to read, by the name of the question."""
    found = []
    for name in kind(meeting.kind).after:
        if name == WORKED:
            found.append((name, rules.unlinked([f.worked for f in rows])))
        elif name == CHANGE:
            found.append((name, rules.unlinked([f.change for f in rows])))
        elif name in asked_after():
            found.append((name, rules.unlinked(store.told_about(ctx.session, meetings.key(meeting), name))))
    return found


# --- you said, we did


def _released(ctx: Context, id: str) -> Meeting:
    """A meeting whose words facilitators may read, so that something can be done about them."""
    meeting = _find(ctx, id)
    if not ctx.standing.facilitates:
        raise Refusal(views.for_facilitators())
    answers = len(store.about(ctx.session, meetings.key(meeting)))
    if rules.is_open(meeting.starts_at, ctx.now) or not rules.enough(answers):
        raise Refusal(reply_views.nothing_to_reply_to(rules.RELEASED_AT))
    return meeting


@feedback.command(
    "feedback reply", help="Write what you did about what people said after the last meeting", needs=Role.FACILITATOR,
    reads=True,
)  # fmt: skip
def reply_by_command(ctx: Context, event: Command) -> Reply:
    latest = meetings.last_meeting(ctx.session, ctx.community_id, ctx.now - TELL_WITHIN)
    if latest is None:
        raise Refusal(views.none_held())
    return reply_views.form(_released(ctx, str(latest.id)))


@feedback.click("reply", needs=Role.FACILITATOR, reads=True)
def reply_by_button(ctx: Context, event: Click) -> Reply:
    return reply_views.form(_released(ctx, event.value))


@feedback.form("reply", needs=Role.FACILITATOR)
def keep_reply(ctx: Context, event: Submission) -> Reply:
    meeting = _released(ctx, event.value)
    said, did = event.answers.get("said", ""), event.answers.get("did", "")
    problems = {
        name: reply_views.empty() if not words else views.too_long(rules.LONGEST_REPLY)
        for name, words in (("said", said), ("did", did))
        if not 0 < len(words) <= rules.LONGEST_REPLY
    }
    if problems:
        return FormErrors(reply_views.form(meeting, said[: rules.LONGEST_REPLY], did[: rules.LONGEST_REPLY]), problems)
    row = store.add_reply(ctx.session, ctx.community_id, meetings.key(meeting), ctx.me, said, did, ctx.now)
    ctx.note("feedback.did", f"meeting {meeting.id}")
    return reply_views.kept(row, _tell_next(ctx))


@feedback.click("undo", needs=Role.FACILITATOR)
def take_reply_back(ctx: Context, event: Click) -> Reply:
    row = store.reply(ctx.session, ctx.community_id, number(event.value))
    if row is None:
        raise Refusal(own_views.gone())
    ctx.note("feedback.undo", f"meeting {row.meeting_id}")
    ctx.session.delete(row)
    ctx.session.flush()
    _tell_next(ctx)
    return reply_views.taken_back()


def _tell_next(ctx: Context) -> Meeting | None:
    """The meeting whose card tells what was done, brought up to date."""
    coming = meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)
    if coming:
        ctx.wake("meetings.card", str(coming.id), at=ctx.now)
    return coming


# --- what one person means to do


@feedback.command("my commitments", help="What you mean to do, in your own words; only you see it", reads=True)
def list_commitments(ctx: Context, event: Command) -> Reply:
    return _list(ctx)


def _list(ctx: Context, *, replace: bool = False) -> Reply:
    own = store.commitments(ctx.session, ctx.community_id, ctx.me)
    if not own:
        return own_views.no_commitments()
    return own_views.commitments(own, replace=replace)


@feedback.click("commitment", reads=True)
def open_commitment(ctx: Context, event: Click) -> Reply:
    chosen = event.chosen[0] if event.chosen else event.value
    return own_views.one_commitment(_own(ctx, chosen))


@feedback.click("state")
def mark(ctx: Context, event: Click) -> Reply:
    id, _dot, place = event.value.partition(".")
    row = _own(ctx, id)
    state = STATES[number(place)] if number(place) < len(STATES) else OPEN
    row.state, row.changed_at = state, ctx.now
    ctx.session.flush()
    return own_views.marked(row)


@feedback.click("list", reads=True)
def back_to_list(ctx: Context, event: Click) -> Reply:
    return _list(ctx, replace=True)


def _own(ctx: Context, id: str) -> Commitment:
    row = store.own_commitment(ctx.session, number(id), ctx.community_id, ctx.me)
    if row is None:
        raise Refusal(own_views.gone())
    return row


# --- what people take home


@feedback.click("share_home")
def share_home(ctx: Context, event: Click) -> Reply:
    row = _own_take_home(ctx, event.value)
    organization = _organization(ctx)
    if not organization:
        raise Refusal(own_views.no_organization())
    row.shared = True
    ctx.session.flush()
    return own_views.shared(row, organization)


@feedback.click("unshare_home")
def keep_home(ctx: Context, event: Click) -> Reply:
    row = _own_take_home(ctx, event.value)
    row.shared = False
    ctx.session.flush()
    return own_views.kept_private(row)


def _own_take_home(ctx: Context, meeting: str) -> TakeHome:
    row = store.take_home_of(ctx.session, number(meeting), ctx.me)
    if row is None or row.community_id != ctx.community_id:
        raise Refusal(own_views.gone())
    return row


@feedback.command("my takeaways", help="What you and colleagues at your organization took home", reads=True)
def takeaways(ctx: Context, event: Command) -> Reply:
    organization = _organization(ctx)
    rows = store.taken_home(ctx.session, ctx.community, ctx.me, organization, TAKEN_HOME)
    return own_views.taken_home(rows, ctx.me, organization)
