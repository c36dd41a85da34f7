"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("notes")
feature.audit("notes.share", N_("shared the notes of a meeting"))
feature.audit("notes.write", N_("wrote notes of a meeting"))
