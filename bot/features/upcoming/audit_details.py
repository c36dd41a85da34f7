"""The words in brackets that the audit log shows after this feature's own actions, from the stored detail."""

from bot.core.context import Context
from bot.i18n import gettext as _


def timer(ctx: Context, detail: str) -> str:
    """Describe a skipped or restored timer. `detail` is its kind and value: "checkins.due 7"."""
    labels = ctx.timer_labels.get(detail.partition(" ")[0])
    return _(labels.label) if labels else ""
