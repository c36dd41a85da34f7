"""Handlers of the report for sponsors: facilitators make one of their community, conveners one of their program."""

from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, PageOpened
from bot.core.pages import send_link
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.signals import PROGRAM_REPORT
from bot.features.reports import report, seasons, sponsor_views, sponsors
from bot.features.reports.feature import feature
from bot.features.reports.sponsors import SponsorReport
from bot.i18n import gettext_noop as N_
from bot.ui import Page, Reply
from storage.communities import programs
from storage.communities.communities import Community, Season

Gathered = tuple[list[Community], SponsorReport]


@feature.click("sponsors", needs=Role.FACILITATOR)
def show(ctx: Context, event: Click) -> Reply:
    return _shown(ctx, _of_community(ctx, event.value), ("reports.sponsors_page", "reports.sponsors_file"), event.value)


@feature.click("sponsors_page", needs=Role.FACILITATOR)
def open_page(ctx: Context, event: Click) -> Reply:
    _of_community(ctx, event.value)
    return send_link(ctx, "reports.sponsors", event.value)


@feature.click("sponsors_file", needs=Role.FACILITATOR)
def hand_over(ctx: Context, event: Click) -> Reply:
    return _handed_over(ctx, _of_community(ctx, event.value))


@feature.page("sponsors", label=N_("Report for sponsors"), needs=Role.FACILITATOR)
def draw(ctx: Context, event: PageOpened) -> Page:
    return sponsor_views.page(_of_community(ctx, event.value)[1])


# --- of a program. Whoever convenes it is asked for anew each time.


@feature.click(PROGRAM_REPORT, needs=Role.MEMBER)
def show_program(ctx: Context, event: Click) -> Reply:
    # A button of the program names no season: it is that of the community in which it is pressed.
    program, _dot, season = event.value.partition(".")
    value = f"{program}.{season or seasons.value_of(seasons.now_or_last(ctx))}"
    return _shown(ctx, _of_program(ctx, value), ("reports.program_page", "reports.program_file"), value)


@feature.click("program_page", needs=Role.MEMBER)
def open_program_page(ctx: Context, event: Click) -> Reply:
    _of_program(ctx, event.value)
    return send_link(ctx, "reports.program", event.value)


@feature.click("program_file", needs=Role.MEMBER)
def hand_over_program(ctx: Context, event: Click) -> Reply:
    return _handed_over(ctx, _of_program(ctx, event.value))


@feature.page("program", label=N_("Report for sponsors"), needs=Role.MEMBER)
def draw_program(ctx: Context, event: PageOpened) -> Page:
    return sponsor_views.page(_of_program(ctx, event.value)[1])


def _shown(ctx: Context, gathered: Gathered, buttons: tuple[str, str], value: str) -> Reply:
    _write_down(ctx, gathered[0])
    return sponsor_views.message(gathered[1], buttons, value, has_pages=bool(ctx.address))


def _handed_over(ctx: Context, gathered: Gathered) -> Reply:
    _write_down(ctx, gathered[0])
    return sponsor_views.file(gathered[1])


def _write_down(ctx: Context, every: list[Community]) -> None:
    """Write into the audit log of each community that it was counted."""
    for community in every:
        ctx.audit("reports.sponsors", of=community)


def _of_community(ctx: Context, value: str) -> Gathered:
    return _gathered(ctx, [ctx.community], ctx.community.name, seasons.chosen(ctx, value))


def _of_program(ctx: Context, value: str) -> Gathered:
    """Gather over the communities that have joined a program, which the acting person convenes, or refuse."""
    id, _dot, season = value.partition(".")
    found = [program for program in programs.convened_by(ctx.session, ctx.me) if program.id == parse_id(id)]
    if not found:
        raise Refusal(sponsor_views.not_a_convener())
    joined = [c for part, c in programs.communities(ctx.session, programs.key(found[0])) if part.joined_at]
    return _gathered(ctx, joined, found[0].name, seasons.chosen(ctx, season))


def _gathered(ctx: Context, every: list[Community], name: str, season: Season | None) -> Gathered:
    zone = ZoneInfo(ctx.community.zone)
    begun = min((community.created_at for community in every), default=ctx.now)
    since, until = report.bounds(season, zone) if season else (begun, ctx.now)
    gathered = sponsors.gather(
        ctx.session,
        every,
        name=name,
        season=season.name if season else "",
        since=since,
        until=min(until, ctx.now),
        zone=zone,
    )
    if gathered is None:
        raise Refusal(sponsor_views.too_few())
    return every, gathered
