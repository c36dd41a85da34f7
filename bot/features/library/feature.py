"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("resources")
feature.audit("resources.edit", N_("edited what somebody shared"))
feature.audit("resources.kind", N_("changed the kind of what somebody shared"))
feature.audit("resources.remove", N_("removed what somebody shared"))
