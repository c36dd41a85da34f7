"""Names the person whom an audited action was about. Several features audit such actions."""

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.ui.markup import mention
from storage.people import people


def describe(ctx: Context, detail: str) -> str:
    """Return a mention of the person of "person 7"; "" where they no longer exist."""
    who = people.get(ctx.session, parse_id(detail.removeprefix("person ")))
    return mention(people.key(who), who.name) if who else ""
