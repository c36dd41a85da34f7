"""The words in brackets that the audit log shows after this feature's own actions, from the stored detail."""

from bot.core.context import Context
from bot.core.resolver import parse_id
from bot.ui.markup import mention
from storage.people import people


def person(ctx: Context, detail: str) -> str:
    """Return the name of a person. `detail` is "person 7"; "" where that person no longer exists."""
    who = people.get(ctx.session, parse_id(detail.removeprefix("person ")))
    return mention(people.key(who), who.name) if who else ""
