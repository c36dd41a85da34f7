"""Handlers with which facilitators plan one meeting in addition to those of the cadence."""

from dataclasses import asdict

from bot.cadence import Unreadable, read_moment
from bot.core.context import Context
from bot.core.events import Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.meetings import planner, rules
from bot.features.meetings.changes import views
from bot.features.meetings.changes.proposal import ProposedChange
from bot.features.meetings.changes.service import confirm_or_apply, field_errors, overlapping_meeting, read_when
from bot.features.meetings.feature import feature
from bot.features.meetings.scheduling import partial_dates, tentative
from bot.ui import FormErrors, Reply
from storage.meetings import meetings


def usual(ctx: Context) -> ProposedChange:
    """Return the defaults of a new meeting: those of the community's first series, if it has one."""
    series = meetings.series_of(ctx.session, ctx.community_id)
    if not series:
        return ProposedChange("", title=ctx.community.name[: rules.LONGEST_TITLE])
    first = series[0]
    return ProposedChange("", title=first.title, minutes=first.minutes, place=first.place, link=first.link)


def as_typed(change: ProposedChange) -> dict[str, str]:
    """Return the fields of the form that plans this meeting."""
    return {"title": change.title, "minutes": str(change.minutes), "place": change.place, "link": change.link}


@feature.command(
    "meeting schedule",
    help="Plan one meeting, beside those of the rhythm",
    needs=Role.FACILITATOR,
    argument="[when]",
    example="meeting schedule 14 Jan 4pm",
)
def schedule(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return views.schedule_form(as_typed(usual(ctx)))
    if span := partial_dates.read(event.text, planner.calendar(ctx).day(ctx.now)):
        return tentative.save(ctx, usual(ctx).title, span)
    at = read_when(ctx, event.text, "meeting schedule")
    return confirm_or_apply(ctx, ProposedChange(**{**asdict(usual(ctx)), "at": at.isoformat()}))


@feature.form("schedule", shared=(), needs=Role.FACILITATOR)
def schedule_from_form(ctx: Context, event: Submission) -> Reply:
    """Plan a meeting, or a tentative one if the date is partial. The form's value is the tentative one it replaces."""
    tentative_id = parse_id(event.value)
    typed = {name: event.answers.get(name, "") for name in ("title", "when", "minutes", "place", "link")}
    form, problems = views.schedule_form(typed, str(tentative_id or "")), field_errors(typed)
    minutes = rules.read_minutes(typed["minutes"])
    if not 0 < len(typed["title"]) <= rules.LONGEST_TITLE:
        problems["title"] = views.bad_title()
    span = partial_dates.read(typed["when"], planner.calendar(ctx).day(ctx.now))
    if span and "title" not in problems:
        return tentative.save(ctx, typed["title"], span, tentative_id)
    try:
        at = read_moment(typed["when"], zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        problems["when"] = views.unreadable(doubt)
    if problems:
        return FormErrors(form, problems)
    change = ProposedChange(
        at.isoformat(),
        title=typed["title"],
        minutes=minutes or 60,
        place=typed["place"],
        link=typed["link"],
        tentative=tentative_id,
    )
    if other := overlapping_meeting(ctx, change):
        return FormErrors(form, {"when": views.clash_plain(other, ctx.zone)})
    return confirm_or_apply(ctx, change)
