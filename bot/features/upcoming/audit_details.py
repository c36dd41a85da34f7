"""What the audit log says in brackets about this feature's own actions, from what was noted."""

from bot.core.context import Context
from bot.i18n import gettext as _


def timer(ctx: Context, detail: str) -> str:
    """`detail` is the kind of the timer that was left out or brought back, and its value."""
    known = ctx.timer_labels.get(detail.partition(" ")[0])
    return _(known.label) if known else ""
