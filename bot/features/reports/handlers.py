"""Handlers of the season's report: in chat, as a page, and as a file."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, PageOpened
from bot.core.pages import send_link
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.reports import report, views
from bot.features.reports.feature import feature
from bot.i18n import gettext_noop as N_
from bot.ui import Page, Reply
from storage.communities import communities
from storage.communities.communities import Season

PAGE = "reports.season"


def _seasons(ctx: Context, prefix: str) -> list[str]:
    names = [season.name for season in reversed(communities.seasons(ctx.session, ctx.community_id))]
    return [name for name in names if name.casefold().startswith(prefix.casefold())]


@feature.command(
    "report",
    help="How many took part this season, in numbers",
    needs=Role.FACILITATOR,
    argument="[season]",
    complete=_seasons,
    example="report",
    reads=True,
)
def show(ctx: Context, event: Command) -> Reply:
    season = _named(ctx, event.text) if event.text.strip() else _now(ctx)
    return views.message(report.gather(ctx, season), _value(season), has_pages=bool(ctx.address))


@feature.click("page", needs=Role.FACILITATOR)
def open_as_page(ctx: Context, event: Click) -> Reply:
    return send_link(ctx, PAGE, _value(_chosen(ctx, event.value)))


@feature.click("file", needs=Role.FACILITATOR, reads=True)
def hand_over(ctx: Context, event: Click) -> Reply:
    return views.file(report.gather(ctx, _chosen(ctx, event.value)))


@feature.page("season", label=N_("Report"), needs=Role.FACILITATOR)
def draw(ctx: Context, event: PageOpened) -> Page:
    return views.page(report.gather(ctx, _chosen(ctx, event.value)))


def _now(ctx: Context) -> Season | None:
    """Return the season of today, or the newest that has begun. None: the community has none."""
    today = ctx.now.astimezone(ctx.zone).date()
    begun = [s for s in communities.seasons(ctx.session, ctx.community_id) if s.starts <= today]
    return communities.season_on(ctx.session, ctx.community_id, today) or (begun[-1] if begun else None)


def _named(ctx: Context, words: str) -> Season:
    """Return the newest season with this name. Raises Refusal."""
    every = communities.seasons(ctx.session, ctx.community_id)
    named = [season for season in every if season.name.casefold() == " ".join(words.split()).casefold()]
    if not named:
        names = [season.name for season in reversed(every)]
        among = tuple(f"report {name}" for name in names[:4]) or ("report",)
        raise Refusal(views.no_such_season(words, names), among=among, root="facilitator")
    return named[-1]


def _chosen(ctx: Context, value: str) -> Season | None:
    """Return the season that a button or link names, or None for all time. Raises Refusal if it is gone."""
    if value == "all":
        return None
    found = [s for s in communities.seasons(ctx.session, ctx.community_id) if s.id == parse_id(value)]
    if not found:
        raise Refusal(views.season_gone())
    return found[0]


def _value(season: Season | None) -> str:
    return str(season.id) if season else "all"
