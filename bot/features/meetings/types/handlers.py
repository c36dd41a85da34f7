"""Handlers for meeting types, in the order it happens: choosing one, preparing, adding and taking on tasks."""

from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.domain.meeting_types import meeting_type
from bot.domain.meeting_types import meeting_types as table
from bot.features.meetings.lookup import find_to_come
from bot.features.meetings.types import views
from bot.features.meetings.types.feature import feature
from bot.features.meetings.types.lookup import next_meeting
from bot.ui import FormErrors, Reply
from storage.communities import programs
from storage.meetings import meetings, preparations
from storage.meetings.meetings import Meeting, Series
from storage.meetings.preparations import MeetingTask
from storage.people import people


@feature.command(
    "meeting kind",
    help="What kind of meeting the next one is: a call, a visit, a joint event …",
    needs=Role.FACILITATOR,
    reads=True,
)
def show(ctx: Context, event: Command) -> Reply:
    return views.overview(next_meeting(ctx))


@feature.click("choose", needs=Role.FACILITATOR)
def choose(ctx: Context, event: Click) -> Reply:
    """Set the type of one meeting ("7"), or of a series and all its upcoming meetings ("s3")."""
    name = event.chosen[0] if event.chosen else ""
    if name not in table():
        raise Refusal(views.not_found())
    if event.value.startswith("s"):
        return _choose_for_all(ctx, event.value[1:], name)
    meeting = find_to_come(ctx, event.value)
    _set(ctx, meeting, name)
    ctx.audit("kinds.choose", f"meeting {meeting.id}")
    return views.chosen(meeting, has_siblings=_has_siblings(ctx))


def _choose_for_all(ctx: Context, id: str, name: str) -> Reply:
    series: Series | None = meetings.series(ctx.session, ctx.community_id, parse_id(id))
    if series is None:
        raise Refusal(views.not_found())
    series.meeting_type = name
    for meeting in meetings.occurrences_of(ctx.session, parse_id(id), ctx.now):
        if meeting.starts_at > ctx.now:
            _set(ctx, meeting, name)
    ctx.audit("kinds.choose")
    return views.chosen_for_all(series)


def _set(ctx: Context, meeting: Meeting, name: str) -> None:
    if meeting.meeting_type != name:
        meeting.meeting_type = name
        ctx.session.flush()
        _refresh_card(ctx, meeting)


def _refresh_card(ctx: Context, meeting: Meeting) -> None:
    ctx.schedule_timer(signals.MEETING_CARD_STALE, str(meeting.id), at=ctx.now)


def _has_siblings(ctx: Context) -> bool:
    """Whether there may be sibling communities to invite: the community is in a program."""
    return programs.of(ctx.session, ctx.community_id) is not None


# --- preparing


@feature.command(
    "meeting prepare", help="Write down what the next meeting needs, as its kind asks", needs=Role.FACILITATOR,
    reads=True,
)  # fmt: skip
def prepare_next(ctx: Context, event: Command) -> Reply:
    return _preparation_form(ctx, next_meeting(ctx))


@feature.click("prepare", needs=Role.FACILITATOR, reads=True)
def prepare_this(ctx: Context, event: Click) -> Reply:
    return _preparation_form(ctx, find_to_come(ctx, event.value))


def _preparation_form(ctx: Context, meeting: Meeting) -> Reply:
    if not meeting_type(meeting.meeting_type).prepares:
        raise Refusal(views.nothing_to_prepare(meeting))
    return views.prepare_form(meeting, preparations.details_of(ctx.session, meetings.key(meeting)))


@feature.form("prepare", shared=EVERY, needs=Role.FACILITATOR)
def keep_preparations(ctx: Context, event: Submission) -> Reply:
    meeting = find_to_come(ctx, event.value)
    typed = {each.name: event.answers.get(each.name, "") for each in meeting_type(meeting.meeting_type).prepares}
    problems = {name: views.too_long() for name, words in typed.items() if len(words) > views.LONGEST}
    if problems:
        cut = {name: words[: views.LONGEST] for name, words in typed.items()}
        return FormErrors(views.prepare_form(meeting, cut), problems)
    preparations.write(ctx.session, meeting, typed)
    ctx.audit("kinds.prepare", f"meeting {meeting.id}")
    _refresh_card(ctx, meeting)
    return views.prepared(meeting, preparations.details_of(ctx.session, meetings.key(meeting)))


# --- tasks


@feature.click("task", needs=Role.FACILITATOR, reads=True)
def ask_for_task(ctx: Context, event: Click) -> Reply:
    return views.task_form(find_to_come(ctx, event.value))


@feature.form("task", shared=EVERY, needs=Role.FACILITATOR)
def add_task(ctx: Context, event: Submission) -> Reply:
    meeting = find_to_come(ctx, event.value)
    words = event.answers.get("words", "")
    owner = next(iter(event.answers.get("owner", "").split()), "")
    if not 0 < len(words) <= views.LONGEST_TASK:
        return FormErrors(views.task_form(meeting, words[: views.LONGEST_TASK]), {"words": views.bad_task()})
    if owner and not people.is_member(people.membership(ctx.session, ctx.community_id, parse_id(owner))):
        return FormErrors(views.task_form(meeting, words), {"owner": views.not_a_member()})
    preparations.add_task(ctx.session, meeting, words, parse_id(owner) or None)
    ctx.audit("kinds.task", f"meeting {meeting.id}")
    _refresh_card(ctx, meeting)
    return views.tasks(meeting, _tasks(ctx, meeting))


def _tasks(ctx: Context, meeting: Meeting) -> list[views.OwnedTask]:
    rows = preparations.tasks(ctx.session, meetings.key(meeting))
    return [(row, people.get(ctx.session, row.person_id) if row.person_id else None) for row in rows]


@feature.click(signals.TAKE_TASK, reads=False)
def take_task(ctx: Context, event: Click) -> Reply:
    """Take on a task that nobody has. Pressing again gives it back."""
    row = _task(ctx, event.chosen[0] if event.chosen else event.value)
    meeting = find_to_come(ctx, str(row.meeting_id))
    if row.person_id not in (None, ctx.me):
        raise Refusal(views.taken_already())
    row.person_id, row.done = (None if row.person_id == ctx.me else ctx.me), False
    ctx.session.flush()
    _refresh_card(ctx, meeting)
    return views.took(row, meeting) if row.person_id else views.gave_back(row)


@feature.click("done")
def mark_done(ctx: Context, event: Click) -> Reply:
    row = _task(ctx, event.value)
    if row.person_id != ctx.me:
        raise Refusal(views.taken_already())
    row.done = True
    ctx.session.flush()
    meeting = meetings.get(ctx.session, ctx.community_id, row.meeting_id)
    if meeting:
        _refresh_card(ctx, meeting)
    return views.done(row)


def _task(ctx: Context, id: str) -> MeetingTask:
    row = preparations.task(ctx.session, ctx.community_id, parse_id(id))
    if row is None:
        raise Refusal(views.not_found())
    return row
