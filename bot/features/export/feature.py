"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("export")
feature.audit("export", N_("made a copy of everything"), lambda _ctx, form: f"`{form}`")
