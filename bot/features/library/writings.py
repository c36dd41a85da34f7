"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.library import rules
from bot.features.library.details import rewrite_card
from bot.features.library.feature import feature
from bot.features.library.sharing.handlers import form_for
from bot.i18n import gettext_noop as N_
from storage.library import resources
from storage.library.endorsements import Endorsement
from storage.library.resources import Resource


def _remove(ctx: Context, row: Resource) -> None:
    rewrite_card(ctx, row, removed=True)
    resources.remove(ctx.session, ctx.community_id, resources.key(row))


def _resource(ctx: Context, row: Endorsement) -> str:
    found = ctx.session.get(Resource, row.resource_id)
    return found.title if found else ""


def _rewrite(ctx: Context, row: Endorsement) -> None:
    if found := ctx.session.get(Resource, row.resource_id):
        rewrite_card(ctx, found)


feature.writing(
    "resource",
    Writing(
        N_("Resources"),
        Resource,
        {"title": N_("Title"), "note": N_("Why it helped"), "link": N_("Link")},
        "shared_at",
        readers=N_("the community, or its whole program if you chose so"),
        form=form_for,
        remove=_remove,
    ),
)
feature.writing(
    "endorsement",
    Writing(
        N_("Resources that helped you"),
        Endorsement,
        {"note": N_("Your note")},
        "at",
        most=rules.LONGEST_ADDED_NOTE,
        about=_resource,
        readers=N_("everyone who can see the resource"),
        changed=_rewrite,
        removed=_rewrite,
        may_be_empty=True,
    ),
)
