"""Collecting topics and making an agenda of them, event by event, in the order they happen."""

from bot.context import Context
from bot.events import Click, Command, Due, Shortcut, Submission
from bot.feature import Feature
from bot.features.agenda import rules, views
from bot.fit import number
from bot.permissions import Role
from bot.refusal import Refusal
from bot.ui import FormErrors, Message, Reply, ToCommunity
from storage import agenda as store
from storage import asks, meetings
from storage.agenda import KINDS, TOPIC, Topic
from storage.meetings import PLANNED, Meeting

agenda = Feature("agenda")


def _coming(ctx: Context, id: str) -> Meeting | None:
    row = meetings.get(ctx.session, ctx.community_id, number(id))
    return row if row and row.status == PLANNED and row.starts_at > ctx.now else None


def _next(ctx: Context) -> Meeting | None:
    return meetings.next_meeting(ctx.session, ctx.community_id, ctx.now)


@agenda.timer("call")
def call(ctx: Context, event: Due) -> Reply:
    """Two weeks before a meeting; nothing when the community is paused or has been asked enough this week."""
    meeting = _coming(ctx, event.value)
    if ctx.community.paused or meeting is None:
        return None
    week = asks.week_of(ctx.now, ctx.community.zone)
    if asks.take(ctx.session, ctx.community_id, week, f"agenda.call {event.value}", ctx.now):
        _post_call(ctx, meeting)
    return None


def _post_call(ctx: Context, meeting: Meeting) -> None:
    topics = store.for_meeting(ctx.session, meeting)
    ctx.post(ToCommunity(), f"agenda.call.{meeting.id}", views.call, meeting, topics)


@agenda.preview("call")
def preview_call(ctx: Context, value: str) -> Message | None:
    meeting = _coming(ctx, value)
    return views.call(meeting, store.for_meeting(ctx.session, meeting)) if meeting else None


@agenda.command(
    "topic", help="Suggest a topic for the next meeting", argument="[title]", example="topic Quiet arrivals"
)
def suggest(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.form(TOPIC)
    if len(event.text) > rules.LONGEST:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST))
    return _add(ctx, TOPIC, event.text)


@agenda.click("suggest", reads=True)
def ask_for_topic(ctx: Context, event: Click) -> Reply:
    return views.form(event.value if event.value in KINDS else TOPIC)


@agenda.shortcut("add", "Add to agenda")
def take_from_message(ctx: Context, event: Shortcut) -> Reply:
    title = rules.title_of(event.text)
    if not title:
        raise Refusal(views.nothing_in_it())
    return views.form(TOPIC, title)


@agenda.form("suggest")
def add(ctx: Context, event: Submission) -> Reply:
    kind, title = event.value if event.value in KINDS else TOPIC, event.answers.get("title", "")
    if not title:
        return FormErrors(views.form(kind), {"title": views.empty()})
    if len(title) > rules.LONGEST:
        return FormErrors(
            views.form(kind, title[: rules.LONGEST]), {"title": views.too_long(len(title), rules.LONGEST)}
        )
    return _add(ctx, kind, title)


def _add(ctx: Context, kind: str, title: str, *, chosen_for: Meeting | None = None) -> Reply:
    if store.same(ctx.session, ctx.community_id, title):
        raise Refusal(views.there_already(title))
    id = chosen_for.id if chosen_for else None
    topic = store.add(ctx.session, ctx.community_id, ctx.me, kind, title, ctx.now, id)
    meeting = _next(ctx)
    _show_change(ctx, meeting)
    return views.added(topic, meeting)


def _show_change(ctx: Context, meeting: Meeting | None) -> None:
    """The cards that list the agenda follow it."""
    if meeting:
        ctx.wake("meetings.card", str(meeting.id), at=ctx.now)


@agenda.click("withdraw")
def withdraw(ctx: Context, event: Click) -> Reply:
    topic = _find(ctx, event.value)
    if topic.person_id != ctx.me and ctx.standing.role < Role.FACILITATOR:
        raise Refusal(views.not_yours())
    if topic.person_id != ctx.me:
        ctx.note("agenda.remove", f"topic {topic.id}")
    store.remove(ctx.session, topic)
    _show_change(ctx, _next(ctx))
    return views.withdrawn()


def _find(ctx: Context, id: str) -> Topic:
    topic = store.get(ctx.session, ctx.community_id, number(id))
    if topic is None:
        raise Refusal(views.gone())
    return topic


# --- facilitators


@agenda.command("agenda show", help="Every topic that waits for the next meeting", needs=Role.FACILITATOR)
def show(ctx: Context, event: Command) -> Reply:
    meeting = _next(ctx)
    chosen = store.chosen(ctx.session, meeting.id) if meeting and meeting.id else ()
    return views.overview(meeting, chosen, store.waiting(ctx.session, ctx.community_id))


@agenda.command(
    "agenda add",
    help="Put a topic on the next meeting’s agenda",
    needs=Role.FACILITATOR,
    argument="[title]",
    example="agenda add Plan the spring visit",
)
def add_chosen(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.form(TOPIC)
    if len(event.text) > rules.LONGEST:
        raise Refusal(views.too_long(len(event.text), rules.LONGEST))
    meeting = _next(ctx)
    published = bool(meeting and meeting.id and store.chosen(ctx.session, meeting.id))
    ctx.note("agenda.add")
    return _add(ctx, TOPIC, event.text, chosen_for=meeting if published else None)


@agenda.command("agenda publish", help="Choose the topics and post the agenda", needs=Role.FACILITATOR)
def ask_which(ctx: Context, event: Command) -> Reply:
    return _ask_which(ctx)


@agenda.click("publish", needs=Role.FACILITATOR)
def ask_which_by_button(ctx: Context, event: Click) -> Reply:
    return _ask_which(ctx)


def _ask_which(ctx: Context) -> Reply:
    meeting = _next(ctx)
    if meeting is None or meeting.id is None:
        raise Refusal(views.no_meeting())
    chosen = list(store.chosen(ctx.session, meeting.id))
    among = [*chosen, *store.waiting(ctx.session, ctx.community_id)][: rules.MOST_CHOSEN]
    if not among:
        raise Refusal(views.nothing_to_publish())
    return views.publish_form(meeting, among, chosen or among)


@agenda.form("publish", needs=Role.FACILITATOR)
def publish(ctx: Context, event: Submission) -> Reply:
    meeting = _coming(ctx, event.value)
    if meeting is None or meeting.id is None:
        raise Refusal(views.no_meeting())
    picked = [_find(ctx, id) for id in event.answers.get("topics", "").split()]
    if not picked:
        among = [*store.chosen(ctx.session, meeting.id), *store.waiting(ctx.session, ctx.community_id)]
        if not among:
            raise Refusal(views.nothing_to_publish())
        return FormErrors(views.publish_form(meeting, among[: rules.MOST_CHOSEN], ()), {"topics": views.pick_one()})
    store.choose(ctx.session, meeting.id, picked)
    ctx.note("agenda.publish", f"meeting {meeting.id}, {len(picked)} topics")
    ctx.post(ToCommunity(), f"agenda.published.{meeting.id}", views.published, meeting, picked)
    _show_change(ctx, meeting)
    left = len(store.waiting(ctx.session, ctx.community_id))
    return views.published_reply(meeting, len(picked), left)
