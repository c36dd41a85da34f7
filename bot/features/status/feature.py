"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.features.status import views
from bot.i18n import gettext_noop as N_

feature = Feature("status")
feature.audit("status.drop", N_("dropped messages that could not be delivered"), views.message_count)
feature.audit("status.retry", N_("tried messages again that could not be delivered"), views.message_count)
