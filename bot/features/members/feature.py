"""What this feature declares; the modules beside it add their handlers."""

from bot.core import audited_person
from bot.core.feature import Feature
from bot.features.members import audit_details
from bot.i18n import gettext_noop as N_

feature = Feature("members")
feature.audit("members.leave", N_("left, and gave up a role"))
feature.audit("members.confirm_organization", N_("confirmed someone’s organization"), audited_person.describe)
feature.audit(
    "members.refuse_organization", N_("said that someone isn’t with an organization"), audited_person.describe
)
feature.audit("members.accept", N_("let a person join"), audited_person.describe)
feature.audit("members.refuse", N_("declined a request to join"), audited_person.describe)
feature.audit("members.invite", N_("invited a person"), audited_person.describe)
feature.audit("members.remove", N_("removed a member"), audit_details.removed)
feature.audit("members.policy", N_("changed who can join"), audit_details.policy)
feature.audit("members.other_companies", N_("changed whether people from other companies can join"))
