"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_
from bot.ui.markup import cut, esc

feature = Feature("setup")
feature.audit("setup.start", N_("started the community"), lambda _ctx, name: esc(cut(name, 80)))
