"""What this feature declares; the modules beside it add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("programs")
feature.audit("programs.create", N_("started a program"))
feature.audit("programs.invite", N_("invited this community to a program"))
feature.audit("programs.uninvite", N_("took this community out of a program"))
feature.audit("programs.accept", N_("let this community join a program"))
feature.audit("programs.decline", N_("declined an invitation to a program"))
feature.audit("programs.leave", N_("took this community out of its program"))
feature.audit("programs.convene", N_("made someone a convener"))
feature.audit("programs.take_on", N_("became convener of a program that had none"))
feature.audit("programs.step_down", N_("stepped down as a convener"))
