"""What this feature declares; its sub-packages add their handlers."""

from bot.core.feature import Feature
from bot.i18n import gettext_noop as N_

feature = Feature("agenda")
feature.label_timer(
    "call",
    N_("a call for topics"),
    title=N_("Agenda call"),
    short=N_("agenda call"),
    foretold=N_("a call for topics for the next meeting"),
)
feature.label_timer("vote", N_("the vote on topics"), title=N_("Vote on topics"), short=N_("vote on topics"))
feature.label_timer("publish", N_("the agenda"), title=N_("Agenda"), short=N_("agenda"))
feature.audit("agenda.add", N_("added a topic to the agenda"))
feature.audit("agenda.apart", N_("took topics apart that had been put together"))
feature.audit("agenda.clone", N_("brought topics of last year back"))
feature.audit("agenda.merge", N_("put two topics together"))
feature.audit("agenda.note", N_("wrote a note about a topic for facilitators"))
feature.audit("agenda.publish", N_("published the agenda"))
feature.audit("agenda.remove", N_("took a topic off the agenda"))
feature.audit("agenda.vote", N_("opened the vote on topics"))
