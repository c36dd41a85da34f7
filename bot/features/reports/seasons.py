"""Which season a report is about: today's, the one with a typed name, or the one that a button or link names."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.resolver import parse_id
from bot.features.reports import views
from storage.communities import communities
from storage.communities.communities import Season


def names(ctx: Context, prefix: str) -> list[str]:
    every = [season.name for season in reversed(communities.seasons(ctx.session, ctx.community_id))]
    return [name for name in every if name.casefold().startswith(prefix.casefold())]


def now_or_last(ctx: Context) -> Season | None:
    """Return the season of today, or the newest that has begun. None: the community has none."""
    today = ctx.now.astimezone(ctx.zone).date()
    begun = [s for s in communities.seasons(ctx.session, ctx.community_id) if s.starts <= today]
    return communities.season_on(ctx.session, ctx.community_id, today) or (begun[-1] if begun else None)


def named(ctx: Context, words: str) -> Season:
    """Return the newest season with this name. Raises Refusal."""
    every = communities.seasons(ctx.session, ctx.community_id)
    named = [season for season in every if season.name.casefold() == " ".join(words.split()).casefold()]
    if not named:
        names = [season.name for season in reversed(every)]
        among = tuple(f"report {name}" for name in names[:4]) or ("report",)
        raise Refusal(views.no_such_season(words, names), among=among, root="facilitator")
    return named[-1]


def chosen(ctx: Context, value: str) -> Season | None:
    """Return the season that a button or link names, or None for all time. Raises Refusal if it is gone."""
    if value == "all":
        return None
    found = [s for s in communities.seasons(ctx.session, ctx.community_id) if s.id == parse_id(value)]
    if not found:
        raise Refusal(views.season_gone())
    return found[0]


def value_of(season: Season | None) -> str:
    return str(season.id) if season else "all"
