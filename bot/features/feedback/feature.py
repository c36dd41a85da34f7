"""The feature that the modules beside this one add their parts to."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("feedback")
feature.audit("feedback.did", N_("wrote what was done about feedback"))
feature.audit("feedback.undo", N_("took back what was done about feedback"))
