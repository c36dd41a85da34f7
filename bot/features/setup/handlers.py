"""Handlers for setup, step by step. Each form is saved in a draft at once; nothing is created before Start."""

from collections.abc import Callable
from dataclasses import replace
from typing import cast

from bot.cadence import Unreadable, read_zone, zones_near
from bot.core import signals
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission, TimerFired
from bot.core.permissions import Role
from bot.domain import channel_kinds
from bot.domain.channel_kinds import ChannelKind
from bot.domain.touchpoints import Preset
from bot.features.setup import announcements, cadence_views, create_community, draft, forms, rules, views
from bot.features.setup.draft import Plan
from bot.features.setup.feature import feature
from bot.i18n import languages, locale
from bot.ui import FormErrors, Message, Reply, ToFacilitators, ToPerson
from storage.communities import communities
from storage.communities.communities import JOIN_POLICIES
from storage.messaging import outbox
from storage.operations import audit_log, drafts
from storage.people import people

# How many dates the repeated rule shows, and how many meetings the preview of the first month considers.
SHOWN, FORESEEN = 5, 3


@feature.command("setup", help="Start a community, step by step", needs=Role.ADMIN, community=False)
def begin(ctx: Context, event: Command) -> Reply:
    if not ctx.here.space:
        raise Refusal(views.not_in_direct())
    plan = draft.saved(ctx)
    return views.go_on(plan) if plan else _basics(ctx, event)


@feature.click(signals.SET_UP, needs=Role.ADMIN, community=False)
def begin_by_button(ctx: Context, event: Click) -> Reply:
    plan = draft.saved(ctx)
    return views.go_on(plan) if plan else _basics(ctx, event)


@feature.click("over", needs=Role.ADMIN, community=False)
def start_over(ctx: Context, event: Click) -> Reply:
    drafts.drop(ctx.session, ctx.me, draft.KIND)
    return _basics(ctx, event)


def _basics(ctx: Context, event: Command | Click) -> Reply:
    plan = draft.new(ctx)
    zone = ctx.person.zone
    return forms.basics_form(
        replace(plan, zone=zone, locale=event.person.locale, country=rules.country_of(zone)), plan.zone or zone
    )


@feature.click("basics", needs=Role.ADMIN, community=False)
def open_basics(ctx: Context, event: Click) -> Reply:
    plan = _saved_plan(ctx)
    return forms.basics_form(plan, plan.zone)


@feature.form("basics", shared=(), needs=Role.ADMIN, community=False)
def save_basics(ctx: Context, event: Submission) -> Reply:
    """Check and save the first form. Two communities in one space cannot have the same name."""
    given = event.answers
    plan = draft.saved(ctx) or draft.new(ctx)
    typed = replace(
        plan,
        name=given["name"],
        purpose=given["purpose"],
        locale=_language(ctx, given["language"], plan.locale),
        country=given["country"],
    )
    problems: dict[str, str] = {}
    zone = country = ""
    if not typed.name:
        problems["name"] = forms.name_missing()
    elif len(typed.name) > rules.LONGEST_NAME:
        problems["name"] = forms.too_long(rules.LONGEST_NAME)
    elif any(c.name.casefold() == typed.name.casefold() for c in _neighbours(ctx)):
        problems["name"] = forms.name_taken()
    if len(typed.purpose) > rules.LONGEST_PURPOSE:
        problems["purpose"] = forms.too_long(rules.LONGEST_PURPOSE)
    try:
        zone = read_zone(given["zone"])
    except Unreadable as why:
        problems["zone"] = forms.unknown_zone(str(why), zones_near(given["zone"]), ctx.person.zone)
    try:
        country = rules.read_country(given["country"], locale())
    except rules.UnknownCountry as why:
        problems["country"] = forms.unknown_country(why.nearest)
    if problems:
        return FormErrors(forms.basics_form(typed, given["zone"]), problems)
    plan = draft.save(ctx, replace(typed, zone=zone, country=country, step=max(plan.step, 1)))
    return views.basics_done(plan)


def _language(ctx: Context, *wanted: str) -> str:
    """Return the first language of `wanted`, then the person's own, that the bot is translated into."""
    return next((tag for tag in (*wanted, ctx.person.locale) if tag in languages()), languages()[0])


def _neighbours(ctx: Context) -> list[communities.Community]:
    return list(communities.in_space(ctx.session, ctx.here.platform, ctx.here.space))


@feature.click("people", needs=Role.ADMIN, community=False)
def open_people(ctx: Context, event: Click) -> Reply:
    plan = _saved_plan(ctx, 1)
    here = ctx.here.channel
    if not plan.channel and not ctx.here.direct and not _taken(ctx, here) and not _unfit(ctx, here):
        plan = replace(plan, channel=here)
    plan = replace(plan, facilitators=plan.facilitators or (event.person.id,))
    return forms.people_form(plan, str(plan.minutes))


def _unfit(ctx: Context, channel: str) -> str:
    """Return why no community can live in a channel of this kind, as plain text; "" if it can."""
    return channel_kinds.problem(cast(ChannelKind, ctx.channel_kind(channel)))


def _taken(ctx: Context, channel: str) -> communities.Community | None:
    return communities.in_channel(ctx.session, ctx.here.platform, ctx.here.space, channel)


@feature.form("people", shared=(), needs=Role.ADMIN, community=False)
def save_people(ctx: Context, event: Submission) -> Reply:
    """Check and save the second form. A channel belongs to one community."""
    given = event.answers
    plan = _saved_plan(ctx, 1)
    minutes = rules.read_minutes(given["minutes"])
    typed = replace(
        plan,
        channel=given["channel"],
        facilitators=tuple(given["facilitators"].split()),
        place=given["place"],
        join_policy=_policy(given["who_joins"], plan.join_policy),
        minutes=minutes or plan.minutes,
    )
    problems: dict[str, str] = {}
    if not typed.channel or any(c.isspace() for c in typed.channel):
        problems["channel"] = forms.no_channel()
    elif other := _taken(ctx, typed.channel):
        problems["channel"] = forms.channel_taken(other.name)
    elif why := _unfit(ctx, typed.channel):
        problems["channel"] = why
    if not typed.facilitators:
        problems["facilitators"] = forms.no_facilitator()
    if minutes is None:
        problems["minutes"] = forms.not_minutes()
    if place := _place_problem(typed.place):
        problems["place"] = place
    if problems:
        return FormErrors(forms.people_form(typed, given["minutes"]), problems)
    plan = draft.save(ctx, replace(typed, step=max(plan.step, 2)))
    return views.people_done(plan)


def _policy(chosen: str, before: str) -> str:
    return chosen if chosen in JOIN_POLICIES else before


def _place_problem(typed: str) -> str:
    try:
        place, link = rules.read_place(typed)
    except ValueError:
        return forms.bad_link()
    if len(place) > rules.LONGEST_PLACE:
        return forms.too_long(rules.LONGEST_PLACE)
    return forms.too_long(rules.LONGEST_LINK) if len(link) > rules.LONGEST_LINK else ""


@feature.click("rhythm", needs=Role.ADMIN, community=False)
def open_rhythm(ctx: Context, event: Click) -> Reply:
    return cadence_views.form(_saved_plan(ctx, 2))


@feature.form("rhythm", shared=(), needs=Role.ADMIN, community=False)
def save_rhythm(ctx: Context, event: Submission) -> Reply:
    plan = _saved_plan(ctx, 2)
    typed = replace(plan, how=event.answers["how"], phrase=event.answers["phrase"])
    try:
        echo = _echo(ctx, typed)
    except Unreadable as why:
        return FormErrors(cadence_views.form(typed), {"phrase": cadence_views.nearest(str(why), why.suggestion)})
    draft.save(ctx, replace(typed, step=3))
    return echo


def _echo(ctx: Context, plan: Plan) -> Message:
    """Show what was understood. Raises Unreadable."""
    reading = plan.reading(ctx.now)
    if reading is None:
        return views.ourselves()
    dates = plan.dates(reading, ctx.now, SHOWN)
    return cadence_views.echo(reading.rule, dates, reading.warnings)


@feature.click("go_on", needs=Role.ADMIN, community=False)
def go_on(ctx: Context, event: Click) -> Reply:
    """Continue with the step after the forms that are done."""
    plan = _saved_plan(ctx)
    match plan.step:
        case 0:
            return forms.basics_form(plan, plan.zone)
        case 1:
            return open_people(ctx, event)
        case 2:
            return cadence_views.form(plan)
        case _:
            return _readable(plan, lambda: _echo(ctx, plan))


@feature.click("preview", needs=Role.ADMIN, community=False)
def preview(ctx: Context, event: Click) -> Reply:
    plan = _saved_plan(ctx, 3)
    return _readable(plan, lambda: _first_month(ctx, plan))


@feature.click("preset", needs=Role.ADMIN, community=False)
def choose_preset(ctx: Context, event: Click) -> Reply:
    """Show the first month with another schedule. Nobody has to choose: the plan has the usual one."""
    plan, chosen = _saved_plan(ctx, 3), event.chosen[0] if event.chosen else ""
    if chosen not in tuple(Preset):
        raise Refusal(views.nothing_begun(), retry="setup", root="admin")
    plan = draft.save(ctx, replace(plan, preset=Preset(chosen)))
    return replace(_readable(plan, lambda: _first_month(ctx, plan)), replace=True)


def _first_month(ctx: Context, plan: Plan) -> Message:
    reading = plan.reading(ctx.now)
    coming, schedule = plan.dates(reading, ctx.now, FORESEEN), plan.schedule(reading, ctx.now)
    minutes = reading.rule.minutes if reading else plan.minutes
    month = rules.first_month(schedule, coming, minutes, plan.calendar, ctx.now)
    return views.preview(plan, month, schedule, ctx.timer_labels)


def _readable(plan: Plan, view: Callable[[], Message]) -> Message:
    """Return `view()`, or say that the phrase can no longer be read: its dates may have passed since it was typed."""
    try:
        return view()
    except Unreadable as why:
        return views.no_longer(cadence_views.nearest(str(why), why.suggestion))


@feature.click("start", needs=Role.ADMIN, community=False)
def start(ctx: Context, event: Click) -> Reply:
    """Create the community. If its channel was taken meanwhile or its phrase can no longer be read, keep the draft."""
    plan = draft.claim(ctx)
    if plan is None:
        return views.started_already()
    if other := _taken(ctx, plan.channel):
        draft.save(ctx, plan)
        return views.channel_went(other.name)
    try:
        reading = plan.reading(ctx.now)
    except Unreadable as why:
        draft.save(ctx, plan)
        return views.no_longer(cadence_views.nearest(str(why), why.suggestion))
    return create_community.start(ctx, event, plan, reading)


@feature.timer("check")
def check(ctx: Context, event: TimerFired) -> Reply:
    """Tell the admin if the welcome could not be posted, because the channel is gone or closed to the bot."""
    for row in outbox.copies(ctx.session, f"{signals.WELCOME}.{ctx.community_id}"):
        if row.state == outbox.FAILED:
            to = ToPerson(int(event.value), ignores_quiet_hours=True)
            ctx.post(
                to, f"setup.unposted.{ctx.community_id}", announcements.not_posted, ctx.community.name, row.problem
            )
    return None


@feature.redraw("welcome")
def redraw_welcome(ctx: Context, value: str) -> None:
    """Rewrite the welcome with the limits and the facilitators of today."""
    admin = audit_log.who(ctx.session, ctx.community_id, "setup.start")
    create_community.post_welcome(ctx, people.get(ctx.session, admin) if admin else None)


@feature.redraw("facilitator")
def redraw_facilitator(ctx: Context, value: str) -> None:
    """Rewrite what facilitators were told at the start, without the admin who named them."""
    view = announcements.you_facilitate
    ctx.post(ToFacilitators(), f"setup.facilitator.{ctx.community_id}", view, ctx.community.name, None)


def _saved_plan(ctx: Context, step: int = 0) -> Plan:
    """Return the plan, or refuse if there is none or fewer than `step` forms are done."""
    plan = draft.saved(ctx)
    if plan is None or plan.step < step:
        raise Refusal(views.nothing_begun(), retry="setup", root="admin")
    return plan
