"""The words in brackets that the audit log shows after this feature's own actions, from the stored detail."""

from bot.core.context import Context
from bot.domain.touchpoints import OWN
from bot.i18n import gettext as _
from bot.ui.markup import esc
from storage.learning import checkins


def what(ctx: Context, detail: str) -> str:
    """Name a touchpoint: the kind of a timer, or a check-in."""
    if detail.startswith(OWN):
        checkin = checkins.get(ctx.session, ctx.community_id, int(detail.removeprefix(OWN)))
        return esc(checkin.name) if checkin else ""
    labels = ctx.timer_labels.get(detail)
    return _(labels.label) if labels else ""
