"""What this feature declares; the modules beside it add their handlers."""

from bot.core.context import Context
from bot.core.feature import Feature
from bot.i18n import gettext as _
from bot.i18n import gettext_noop as N_

feature = Feature("pages")


def _page(ctx: Context, name: str) -> str:
    """Return what a page is called."""
    return _(ctx.pages[name].label) if name in ctx.pages else name


feature.audit("pages.link", N_("made a link to a page"), _page)
