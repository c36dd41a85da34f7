"""Handlers with which admins see and change the schedule. Nothing is saved before they have seen the next month."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from difflib import get_close_matches

from bot.cadence import Unreadable, read_moment
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.domain import touchpoints
from bot.domain.between_meetings import AFTER, AGENDA_CALL, CHECKIN, REFLECTION_PROMPT
from bot.domain.meeting_types import meeting_types
from bot.domain.touchpoint_words import Vocabulary, read_what, read_when, say, say_when
from bot.domain.touchpoints import OWN, USUAL, Around, Preset, Touchpoint, Yields
from bot.features.schedule import opening, rules, views
from bot.features.schedule.feature import feature
from bot.i18n import gettext as _
from bot.operations import schedule_plan
from bot.ui import Form, FormErrors, Message, Reply
from bot.ui.markup import cut
from storage.communities import communities, schedules
from storage.communities.schedules import Limits, ScheduledTouchpoint
from storage.learning import checkins
from storage.learning.checkins import RESTING
from storage.operations import drafts
from storage.operations.drafts import Draft
from storage.people import people

# The kind of draft that holds a line until it is confirmed.
LINE = "schedule.line"
BUILT_IN = (AFTER, REFLECTION_PROMPT, AGENDA_CALL, CHECKIN)


def vocabulary(ctx: Context) -> Vocabulary:
    """Return the names that this community's schedule can use."""
    whats = {kind: ctx.timer_labels[kind].shortened("") for kind in BUILT_IN}
    also = {
        _("after-meeting"): AFTER,
        _("feedback"): AFTER,
        _("reflection"): REFLECTION_PROMPT,
        _("prompt"): REFLECTION_PROMPT,
        _("call for topics"): AGENDA_CALL,
        _("checkin"): CHECKIN,
    }
    whats |= {f"{OWN}{row.id}": row.name for row in checkins.of_community(ctx.session, ctx.community_id)}
    members = people.members(ctx.session, ctx.community_id)
    return Vocabulary(
        whats,
        also,
        {id: each.label for id, each in meeting_types().items()},
        sorted({member.role_group for member, _person in members if member.role_group}),
        {people.key(person): person.name for _member, person in members if person.name},
        opening.channel_names(ctx),
    )


def current(ctx: Context) -> tuple[Touchpoint, ...]:
    return schedule_plan.schedule_of(ctx.session, ctx.community_id)


def next_dates(ctx: Context) -> dict[str, datetime]:
    """Return when each touchpoint comes next."""
    found = schedule_plan.placement(ctx.session, ctx.community, ctx.now, ahead=rules.YEAR)
    coming: dict[str, datetime] = {}
    for each in found.placed:
        if each.request.at > ctx.now:
            coming.setdefault(each.touchpoint.what, each.request.at)
    return coming


def _line(ctx: Context, what: str) -> Touchpoint | None:
    return next((each for each in current(ctx) if each.what == what), None)


def _find(ctx: Context, what: str) -> Touchpoint:
    found = _line(ctx, what)
    if found is None:
        raise Refusal(views.unknown())
    return found


@feature.command("schedule show", help="What I send here, and when", needs=Role.ADMIN)
def show(ctx: Context, event: Command) -> Reply:
    return _show(ctx)


@feature.click("show", needs=Role.ADMIN)
def back(ctx: Context, event: Click) -> Reply:
    return replace(_show(ctx), replace=True)


def _show(ctx: Context) -> Message:
    words, lines, coming = vocabulary(ctx), current(ctx), next_dates(ctx)
    there = {each.what for each in lines}
    return views.schedule(
        [(each, coming.get(each.what)) for each in lines],
        words,
        ctx.community.zone,
        promise=schedule_plan.promised(ctx.session, ctx.community_id),
        addable=[what for what in words.whats if what not in there],
        paused=ctx.community.paused,
    )


# --- one line


@feature.command(
    "schedule set",
    help="Change what comes when, in plain words",
    needs=Role.ADMIN,
    argument="[what and when]",
    example="schedule set reflection 5 working days after each meeting",
)
def set_line(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return _show(ctx)
    return _typed(ctx, event.text, "schedule set")


@feature.command(
    "schedule add",
    help="Add something to the schedule, in plain words",
    needs=Role.ADMIN,
    argument="[what and when]",
    example="schedule add check-in every Monday at 9",
)
def add_line(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return _show(ctx)
    words = vocabulary(ctx)
    try:
        what, _rest = _split(ctx, event.text, words)
    except Unreadable as doubt:
        raise _refusal(doubt, "schedule add") from doubt
    there = _line(ctx, what)
    if there:
        raise Refusal(views.scheduled_already(say(there, words)), retry=f"schedule set {event.text}", root="admin")
    return _typed(ctx, event.text, "schedule add")


def _split(ctx: Context, line: str, words: Vocabulary) -> tuple[str, str]:
    return read_what(line, words, zone=ctx.community.zone, today=_today(ctx))


def _named(ctx: Context, line: str) -> str:
    """Write each channel that was picked from the platform's list by its name."""
    names, here = opening.channel_names(ctx), (ctx.here.platform, ctx.here.space)
    rows = communities.channels(ctx.session, ctx.community_id)
    return rules.with_names(line, {r.channel: names[r.id or 0] for r in rows if (r.platform, r.space) == here})


def _today(ctx: Context) -> date:
    return schedule_plan.calendar_of(ctx.session, ctx.community).day(ctx.now)


def _typed(ctx: Context, line: str, verb: str) -> Reply:
    words, line = vocabulary(ctx), _named(ctx, line)
    try:
        what, rest = _split(ctx, line, words)
    except Unreadable as doubt:
        raise _refusal(doubt, verb) from doubt
    if not rest.strip():
        return _filled_form(ctx, what, words)
    try:
        return _understood(ctx, what, rest, words)
    except Unreadable as doubt:
        whole = Unreadable(str(doubt), f"{words.whats[what]} {doubt.suggestion}" if doubt.suggestion else "")
        raise _refusal(whole, verb) from doubt


def _refusal(doubt: Unreadable, verb: str) -> Refusal:
    return Refusal(
        views.unreadable(doubt), retry=f"{verb} {doubt.suggestion}" if doubt.suggestion else "", root="admin"
    )


def _filled_form(ctx: Context, what: str, words: Vocabulary) -> Form:
    """Return the form of a line, with the words that it has now."""
    there = _line(ctx, what)
    if there is None:
        return views.form(what, words)
    # Channels are checked below the words, unless one of them is there no longer.
    ticked = touchpoints.still_there(there.channels, words.channels)
    said = replace(there, channels=()) if views.shows_channels(what, words) else there
    return views.form(what, words, say_when(said, words), ticked)


@feature.click("change", needs=Role.ADMIN)
def choose_line(ctx: Context, event: Click) -> Reply:
    """Show a line, or ask when something is to come that isn't on the schedule yet."""
    return _open_line(ctx, views.decoded(event.chosen[0] if event.chosen else ""))


@feature.click(signals.SCHEDULE_CHECKIN, needs=Role.ADMIN)
def schedule_checkin(ctx: Context, event: Click) -> Reply:
    """Do the same for a check-in that was just built."""
    id, _dot, usual = event.value.partition(".")
    return _open_line(ctx, f"{OWN}{parse_id(id)}", cut(usual, views.LONGEST))


def _open_line(ctx: Context, what: str, usual: str = "") -> Reply:
    words, touchpoint = vocabulary(ctx), _line(ctx, what)
    if touchpoint:
        return views.one(touchpoint, next_dates(ctx).get(what), words, ctx.community.zone)
    if what not in words.whats:
        raise Refusal(views.unknown())
    return views.form(what, words, usual)


@feature.click("edit", needs=Role.ADMIN)
def edit_line(ctx: Context, event: Click) -> Reply:
    return _filled_form(ctx, _find(ctx, views.decoded(event.value)).what, vocabulary(ctx))


@feature.form("line", shared=(), needs=Role.ADMIN)
def read_form(ctx: Context, event: Submission) -> Reply:
    words, what, typed = vocabulary(ctx), views.decoded(event.value), _named(ctx, event.answers.get("when", ""))
    ticked = tuple(map(parse_id, event.answers.get("channels", "").split()))
    if what not in words.whats:
        raise Refusal(views.unknown())
    try:
        return _understood(ctx, what, typed, words, ticked)
    except Unreadable as doubt:
        return FormErrors(views.form(what, words, typed, ticked), {"when": views.unreadable_plain(doubt)})


def _understood(ctx: Context, what: str, typed: str, words: Vocabulary, ticked: Sequence[int] = ()) -> Message:
    """Show what was understood and the next month. Raises Unreadable, with the line as it would be right.

    `ticked` are channels that were checked. They count if the words name none.
    """
    reading = read_when(what, typed, words, zone=ctx.community.zone, today=_today(ctx))
    there = _line(ctx, what)
    touchpoint = replace(reading.touchpoint, id=there.id if there else 0)
    if not touchpoint.channels:
        names = {words.channels[id] for id in ticked if id in words.channels}
        checked = (touchpoints.Chosen(id, name) for id, name in words.channels.items() if name in names)
        touchpoint = replace(touchpoint, channels=tuple(checked))
    held = schedule_plan.slots(ctx.session, ctx.community_id, ctx.now)
    calendar = schedule_plan.calendar_of(ctx.session, ctx.community)
    seasons = schedule_plan.seasons_of(ctx.session, ctx.community_id)
    limits = schedules.limits(ctx.session, ctx.community_id)
    problem = rules.problem(touchpoint, held, calendar, seasons, ctx.now, private=limits.private)
    if problem:
        why = views.wrong(problem.wrong, what, words, private=limits.private)
        raise Unreadable(why, say_when(problem.fixed, words) if problem.fixed else "")
    warnings = list(reading.warnings)
    if not rules.coming_days(touchpoint, held, calendar, seasons, ctx.now):
        warnings.append(_why_none(touchpoint, words))
    checkin = checkins.get(ctx.session, ctx.community_id, touchpoint.checkin)
    if checkin and checkin.state == RESTING:
        warnings.append(views.resting())
    body = json.dumps(
        {
            "what": what,
            "definition": touchpoint.definition(),
            "yields": touchpoint.yields,
            "people": touchpoint.whom.people,
            "typed": typed,
            "ticked": list(ticked),
        }
    )
    draft = drafts.save(ctx.session, ctx.me, LINE, body, ctx.now)
    invited = len(opening.invited(ctx, touchpoint)) if touchpoint.private else None
    if invited == 0:
        warnings.append(views.nobody_yet())
    return views.confirm(
        touchpoint,
        _month(ctx, _replaced(current(ctx), touchpoint), what),
        words,
        ctx.community.zone,
        str(draft),
        warnings,
        limits=limits,
        invited=invited,
    )


def _why_none(touchpoint: Touchpoint, words: Vocabulary) -> str:
    if isinstance(touchpoint.when, Around):
        kind = touchpoint.when.anchor.meeting_type
        return views.nothing_planned(words.meeting_types.get(kind, _("meeting")).lower())
    return views.no_season()


def _replaced(schedule: Sequence[Touchpoint], touchpoint: Touchpoint) -> tuple[Touchpoint, ...]:
    """Return the schedule with this line in its place, or as the youngest."""
    if any(each.what == touchpoint.what for each in schedule):
        return tuple(touchpoint if each.what == touchpoint.what else each for each in schedule)
    youngest = max((each.id for each in schedule), default=0)
    return (*schedule, replace(touchpoint, id=youngest + 1))


def _month(ctx: Context, schedule: Sequence[Touchpoint], what: str = "") -> rules.Month:
    found = schedule_plan.placement(ctx.session, ctx.community, ctx.now, schedule=schedule, ahead=rules.FORESEEN)
    return rules.month(found, what, schedule_plan.calendar_of(ctx.session, ctx.community), ctx.now)


def _draft(ctx: Context, value: str) -> Draft:
    draft = drafts.find(ctx.session, ctx.me, LINE, parse_id(value))
    if draft is None:
        raise Refusal(views.draft_gone())
    return draft


@feature.click("rephrase", needs=Role.ADMIN)
def rephrase(ctx: Context, event: Click) -> Reply:
    saved = json.loads(_draft(ctx, event.value).body)
    return views.form(saved["what"], vocabulary(ctx), saved["typed"], saved.get("ticked", ()))


@feature.click("save", needs=Role.ADMIN)
def save(ctx: Context, event: Click) -> Reply:
    """Save a line that was shown. With "anyway" behind the draft, it comes no matter what."""
    id, _dot, yields = event.value.partition(".")
    draft, words = _draft(ctx, id), vocabulary(ctx)
    saved = json.loads(draft.body)
    # A check-in may have been archived, and a person have left, since the words were typed.
    if saved["what"] not in words.whats or not set(saved["people"]) <= set(words.people):
        raise Refusal(views.unknown())
    ctx.session.delete(draft)
    _make_own(ctx)
    schedules.save(
        ctx.session,
        ctx.community_id,
        saved["what"],
        definition=saved["definition"],
        yields=Yields.ANYWAY if yields == Yields.ANYWAY else saved["yields"],
        people=saved["people"],
    )
    ctx.audit("schedule.set", saved["what"])
    _changed(ctx)
    touchpoint = _find(ctx, saved["what"])
    return views.saved(touchpoint, next_dates(ctx).get(touchpoint.what), words, ctx.community.zone)


def _changed(ctx: Context) -> None:
    """Plan by what has changed, and say what holds now where members read it."""
    ctx.session.flush()
    ctx.schedule_timer(signals.MEETINGS_REPLAN, at=ctx.now)
    ctx.redraw(f"{signals.WELCOME}.{ctx.community_id}")


def _make_own(ctx: Context) -> None:
    """Write the usual schedule as rows, so that one of them can be changed."""
    if schedules.get(ctx.session, ctx.community_id) is None:
        schedule_plan.write(ctx.session, ctx.community_id, Preset.USUAL, USUAL, ctx.now)


# --- pausing, removing


@feature.command(
    "schedule pause",
    help="Pause one part of the schedule, until a day or until you resume it",
    needs=Role.ADMIN,
    argument="[what] [until when]",
    example="schedule pause check-in until January 12",
)
def pause(ctx: Context, event: Command) -> Reply:
    if not event.text:
        return _show(ctx)
    words = vocabulary(ctx)
    try:
        what, rest = _split(ctx, event.text, words)
    except Unreadable as doubt:
        near = get_close_matches(event.text.split()[0], list(words.whats.values()), 1)
        retry = f"schedule pause {near[0]}" if near else ""
        raise Refusal(views.unreadable(Unreadable(str(doubt))), retry=retry, root="admin") from doubt
    if _line(ctx, what) is None:
        raise Refusal(views.not_scheduled(what, words))
    return _pause(ctx, what, _until(ctx, rest))


def _until(ctx: Context, typed: str) -> date | None:
    """Read the day until which to pause; None for no day."""
    words = typed.strip().removeprefix("until").removeprefix("hasta").strip()
    if not words:
        return None
    try:
        at = read_moment(f"{words} 23:59", zone=ctx.community.zone, now=ctx.now)
    except Unreadable as doubt:
        raise Refusal(views.unreadable_day(words), retry="schedule pause", root="admin") from doubt
    return schedule_plan.calendar_of(ctx.session, ctx.community).day(at)


@feature.click("off", needs=Role.ADMIN)
def turn_off(ctx: Context, event: Click) -> Reply:
    return _pause(ctx, views.decoded(event.value), None)


def _pause(ctx: Context, what: str, until: date | None) -> Reply:
    _find(ctx, what)
    _make_own(ctx)
    ctx.audit("schedule.pause", what)
    return _switch(ctx, what, is_on=until is not None, until=until)


@feature.click("resume", needs=Role.ADMIN)
def resume(ctx: Context, event: Click) -> Reply:
    what = views.decoded(event.value)
    _find(ctx, what)
    ctx.audit("schedule.resume", what)
    _switch(ctx, what, is_on=True, until=None)
    touchpoint = _find(ctx, what)
    return views.saved(touchpoint, next_dates(ctx).get(what), vocabulary(ctx), ctx.community.zone)


def _row(ctx: Context, what: str) -> ScheduledTouchpoint:
    row = next((each for each in schedules.touchpoints(ctx.session, ctx.community_id) if each.what == what), None)
    if row is None:
        raise Refusal(views.unknown())
    return row


def _switch(ctx: Context, what: str, *, is_on: bool, until: date | None) -> Reply:
    row = _row(ctx, what)
    row.is_on, row.paused_until = is_on, until
    _changed(ctx)
    return views.paused(_find(ctx, what), next_dates(ctx).get(what), vocabulary(ctx), ctx.community.zone)


@feature.click("remove", needs=Role.ADMIN)
def remove(ctx: Context, event: Click) -> Reply:
    what = views.decoded(event.value)
    row = _row(ctx, what)
    if not what.startswith(OWN):
        raise Refusal(views.unknown())
    schedules.remove(ctx.session, row)
    ctx.audit("schedule.remove", what)
    _changed(ctx)
    return views.removed(what, vocabulary(ctx))


# --- presets and the ceiling


@feature.command(
    "schedule reset",
    help="Start again from a preset schedule",
    needs=Role.ADMIN,
    choices=tuple(Preset),
    example="schedule reset light",
)
def ask_for_reset(ctx: Context, event: Command) -> Reply:
    return _confirm_preset(ctx, Preset(event.text or Preset.USUAL))


@feature.click("preset", needs=Role.ADMIN)
def choose_preset(ctx: Context, event: Click) -> Reply:
    return _confirm_preset(ctx, _preset(event.chosen[0] if event.chosen else ""))


def _preset(name: str) -> Preset:
    if name not in tuple(Preset):
        raise Refusal(views.unknown())
    return Preset(name)


def _lines(ctx: Context, preset: Preset) -> tuple[Touchpoint, ...]:
    held = schedule_plan.slots(ctx.session, ctx.community_id, ctx.now)
    return touchpoints.preset(preset, [meeting.start for meeting in held], ctx.community.zone)


def _confirm_preset(ctx: Context, preset: Preset) -> Message:
    lines = _lines(ctx, preset)
    return views.confirm_preset(preset, lines, _month(ctx, lines), vocabulary(ctx), ctx.community.zone)


@feature.click("reset", needs=Role.ADMIN)
def reset(ctx: Context, event: Click) -> Reply:
    preset = _preset(event.value)
    schedule_plan.begin(ctx.session, ctx.community_id, preset, _lines(ctx, preset), ctx.now)
    ctx.audit("schedule.reset", preset)
    _changed(ctx)
    return views.reset(preset)


@feature.click("limit", needs=Role.ADMIN)
def ask_for_limit(ctx: Context, event: Click) -> Reply:
    return views.limit_form(schedules.limits(ctx.session, ctx.community_id))


@feature.form("limit", shared=(), needs=Role.ADMIN)
def save_limit(ctx: Context, event: Submission) -> Reply:
    """Save both limits. What is open stays open, and counts."""
    read = rules.read_limits(event.answers.get("limit", ""), event.answers.get("private", ""))
    if read is None:
        raise Refusal(views.unknown())
    limits = Limits(*read)
    _make_own(ctx)
    row = schedules.get(ctx.session, ctx.community_id)
    assert row is not None, "it was just made"
    row.requests_a_week, row.weeks_each, row.private_a_week = limits
    ctx.audit("schedule.limit", f"{limits.requests} in {limits.weeks}, {limits.private} privately")
    _changed(ctx)
    promise, words = schedule_plan.promised(ctx.session, ctx.community_id), vocabulary(ctx)
    return views.limited(promise, _month(ctx, current(ctx)), _dense(ctx, limits), words, ctx.community.zone)


def _dense(ctx: Context, limits: Limits) -> list[str]:
    """Return what comes privately more often than the limit lets it reach a member."""
    held = schedule_plan.slots(ctx.session, ctx.community_id, ctx.now)
    calendar = schedule_plan.calendar_of(ctx.session, ctx.community)
    seasons = schedule_plan.seasons_of(ctx.session, ctx.community_id)
    found = (
        (each, rules.problem(each, held, calendar, seasons, ctx.now, private=limits.private)) for each in current(ctx)
    )
    return [each.what for each, problem in found if problem and problem.wrong is rules.Wrong.DENSE]
