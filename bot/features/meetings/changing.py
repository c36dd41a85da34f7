"""How facilitators plan one meeting or move one, without touching the rule."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from bot import calm
from bot.cadence import Unreadable, read_moment
from bot.context import Context
from bot.events import Click, Command, Submission
from bot.features.meetings import card_views, cards, change_views, planning, rules, views
from bot.features.meetings.coming import find
from bot.features.meetings.feature import meetings
from bot.fit import number
from bot.permissions import Role
from bot.refusal import Refusal
from bot.ui import FormErrors, Reply, ToCommunity, ToPerson
from storage import communities, people, records
from storage import meetings as store
from storage.meetings import PLANNED, Meeting

CHANGE = "meetings.change"  # drafts of changes that wait for a yes


@dataclass(frozen=True)
class Change:
    """What a facilitator wants: a new meeting (`meeting` is 0), or another time for one, as it was when they looked."""

    at: str  # ISO
    meeting: int = 0
    sequence: int = 0
    title: str = ""
    minutes: int = 60
    place: str = ""
    link: str = ""
    note: str = ""

    @property
    def starts_at(self) -> datetime:
        return datetime.fromisoformat(self.at)


def upcoming(ctx: Context) -> list[Meeting]:
    return list(store.between(ctx.session, ctx.community_id, ctx.now, ctx.now + rules.AHEAD))


def usual(ctx: Context) -> Change:
    """What a new meeting is like unless somebody says otherwise: as the community's series are."""
    series = store.series_of(ctx.session, ctx.community_id)
    if not series:
        return Change("", title=ctx.community.name[: rules.LONGEST_TITLE])
    first = series[0]
    return Change("", title=first.title, minutes=first.minutes, place=first.place, link=first.link)


# --- scheduling


@meetings.command(
    "meeting schedule",
    help="Plan one meeting, beside those of the rhythm",
    needs=Role.FACILITATOR,
    argument="[when]",
    example="meeting schedule 14 Jan 4pm",
)
def schedule(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return change_views.schedule_form(usual(ctx))
    at = _read(ctx, event.text, "meeting schedule")
    return _ask_or_do(ctx, Change(**{**asdict(usual(ctx)), "at": at.isoformat()}))


@meetings.form("schedule", needs=Role.FACILITATOR)
def schedule_from_form(ctx: Context, event: Submission) -> Reply:
    typed = {name: event.answers.get(name, "") for name in ("title", "when", "minutes", "place", "link")}
    problems = {}
    if not 0 < len(typed["title"]) <= rules.LONGEST_TITLE:
        problems["title"] = change_views.bad_title()
    minutes = rules.read_minutes(typed["minutes"])
    if minutes is None:
        problems["minutes"] = change_views.bad_minutes()
    if len(typed["place"]) > rules.LONGEST_PLACE:
        problems["place"] = change_views.bad_place()
    if typed["link"] and not rules.is_link(typed["link"]):
        problems["link"] = change_views.bad_link()
    try:
        at = read_moment(typed["when"], zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        problems["when"] = change_views.unreadable(doubt)
    if problems:
        return FormErrors(change_views.schedule_form(usual(ctx), typed), problems)
    change = Change(
        at.isoformat(), title=typed["title"], minutes=minutes or 60, place=typed["place"], link=typed["link"]
    )
    if other := in_the_way(ctx, change):
        return FormErrors(
            change_views.schedule_form(usual(ctx), typed), {"when": change_views.clash_plain(other, ctx.zone)}
        )
    return _ask_or_do(ctx, change)


def _read(ctx: Context, phrase: str, line: str) -> datetime:
    try:
        return read_moment(phrase, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        retry = f"{line} {doubt.suggestion}"
        raise Refusal(change_views.unreadable(doubt), retry=retry, root="facilitator") from doubt


def in_the_way(ctx: Context, change: Change) -> Meeting | None:
    """A planned meeting that would be going on at the same time."""
    return next(
        (
            m
            for m in upcoming(ctx)
            if m.id != change.meeting and rules.overlap(change.starts_at, change.minutes, m.starts_at, m.minutes)
        ),
        None,
    )


def _ask_or_do(ctx: Context, change: Change) -> Reply:
    """Do it, or where that is unusual, say why and ask first."""
    if other := in_the_way(ctx, change):
        raise Refusal(change_views.clash(other))
    c = ctx.community
    doubts = []
    if calm.is_quiet(change.starts_at, c.zone, c.quiet_from, c.quiet_to):
        doubts.append(change_views.in_quiet_hours(c.quiet_from, c.quiet_to))
    if planning.calendar(ctx).day(change.starts_at) in communities.closures(ctx.session, ctx.community_id):
        doubts.append(change_views.on_a_closed_day())
    if not doubts:
        return _do(ctx, change)
    draft = records.keep_draft(ctx.session, ctx.me, CHANGE, json.dumps(asdict(change)), ctx.now)
    return change_views.sure(change.starts_at, doubts, str(draft), moving=bool(change.meeting))


@meetings.click("sure", needs=Role.FACILITATOR)
def go_ahead(ctx: Context, event: Click) -> Reply:
    kept = records.draft(ctx.session, ctx.me, CHANGE, number(event.value))
    if kept is None:
        raise Refusal(change_views.forgotten())
    change = Change(**json.loads(kept.body))
    if change.starts_at <= ctx.now:
        raise Refusal(change_views.past())
    if other := in_the_way(ctx, change):
        raise Refusal(change_views.clash(other))
    ctx.session.delete(kept)
    return _do(ctx, change)


def _do(ctx: Context, change: Change) -> Reply:
    if change.meeting:
        return _move(ctx, change)
    meeting = store.add(
        ctx.session,
        ctx.community_id,
        title=change.title,
        starts_at=change.starts_at,
        minutes=change.minutes,
        place=change.place,
        link=change.link,
    )
    ctx.note("meetings.schedule", f"meeting {meeting.id}")
    planning.plan(ctx)
    show_card(ctx, meeting)
    return change_views.scheduled(meeting, posted=cards.is_posted(ctx, meeting))


def show_card(ctx: Context, meeting: Meeting) -> None:
    """Keep the card true; post it now where the week before, when it would come by itself, has begun."""
    later = (planning.REMIND, f"{meeting.id}.w") in planning.moments(ctx)
    if cards.is_posted(ctx, meeting) or not (later or ctx.community.paused):
        cards.post(ctx, meeting)


# --- moving


@meetings.command(
    "meeting move",
    help="Move a meeting to another time",
    needs=Role.FACILITATOR,
    argument="[new time]",
    example="meeting move 21 Jan 4pm",
)
def move(ctx: Context, event: Command) -> Reply:
    coming = upcoming(ctx)
    if not coming:
        return views.none_planned()
    if not event.text:
        return change_views.move_form(coming, coming[0], ctx.community.zone)
    first, at = coming[0], _read(ctx, event.text, "meeting move")
    return _ask_or_do(ctx, moving(first, first.sequence, at))


def moving(meeting: Meeting, sequence: int, at: datetime, note: str = "") -> Change:
    return Change(at.isoformat(), store.key(meeting), sequence, meeting.title, meeting.minutes, note=note)


@meetings.click("move", needs=Role.FACILITATOR)
def ask_where_to(ctx: Context, event: Click) -> Reply:
    meeting = find(ctx, event.value)
    if meeting.status != PLANNED or meeting.starts_at <= ctx.now:
        raise Refusal(views.gone())
    return change_views.move_form([meeting], meeting, ctx.community.zone)


@meetings.form("move", needs=Role.FACILITATOR)
def move_from_form(ctx: Context, event: Submission) -> Reply:
    id, _dot, sequence = event.answers.get("meeting", event.value).partition(".")
    meeting = find(ctx, id)
    when, note = event.answers.get("when", ""), event.answers.get("note", "")[: rules.LONGEST_NOTE]
    form = replace(
        change_views.move_form([meeting], meeting, ctx.community.zone, when, note),
        value=f"{id}.{sequence}",  # as they saw it, so that a co-lead's change in between is still noticed
    )
    try:
        at = read_moment(when, zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        return FormErrors(form, {"when": change_views.unreadable(doubt)})
    change = moving(meeting, number(sequence), at, note)
    if other := in_the_way(ctx, change):
        return FormErrors(form, {"when": change_views.clash_plain(other, ctx.zone)})
    return _ask_or_do(ctx, change)


def _move(ctx: Context, change: Change) -> Reply:
    meeting = find(ctx, str(change.meeting))
    if meeting.status != PLANNED or meeting.starts_at <= ctx.now:
        raise Refusal(views.gone())
    if meeting.sequence != change.sequence:  # a co-lead was quicker
        raise Refusal(change_views.changed_meanwhile(meeting))
    if meeting.starts_at == change.starts_at:
        raise Refusal(change_views.there_already(meeting))
    was, before = meeting.starts_at, planning.moments(ctx)
    told = store.to_remind(ctx.session, meeting)
    ctx.note("meetings.move", f"meeting {meeting.id}, from {was.isoformat()} to {change.at}")
    meeting.starts_at, meeting.note = change.starts_at, change.note
    meeting.moved = meeting.starts_at != meeting.original_at
    cards.take_back_reminders(ctx, meeting, card_views.changed_for_you)
    meeting.sequence += 1
    ctx.session.flush()
    planning.plan(ctx)
    show_card(ctx, meeting)
    ctx.post(ToCommunity(), f"meetings.changed.{meeting.id}.{meeting.sequence}", change_views.moved, meeting, was)
    for _answer, person in told:
        ctx.post(
            ToPerson(people.key(person)),
            f"meetings.told.{meeting.id}.{meeting.sequence}",
            change_views.moved,
            meeting,
            was,
        )
    return change_views.moved_reply(meeting, was, rules.shifted(before, planning.moments(ctx)), ctx.community.zone)
