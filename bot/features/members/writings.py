"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.members import views
from bot.features.members.feature import feature
from bot.features.members.handlers import current_settings
from bot.i18n import gettext_noop as N_
from bot.ui import Reply
from storage.people import organizations
from storage.people.people import Membership


def _form(ctx: Context, row: Membership) -> Reply:
    return views.settings_form(current_settings(ctx))


def _remove(ctx: Context, row: Membership) -> None:
    row.role_group = ""
    organizations.end(row)
    ctx.session.flush()


feature.writing(
    "introduction",
    Writing(
        N_("What you do, and where"),
        Membership,
        {"role_group": N_("What you do"), "organization": N_("Where")},
        "joined_at",
        readers=N_("members of the community"),
        form=_form,
        remove=_remove,
        is_written=lambda row: bool(row.role_group or row.organization),
    ),
)
