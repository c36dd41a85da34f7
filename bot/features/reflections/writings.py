"""What people write with this feature, for `data show`."""

from bot.core.routes import Writing
from bot.features.reflections import views
from bot.features.reflections.feature import feature
from bot.features.reflections.handlers import MOST
from bot.i18n import gettext_noop as N_
from storage.learning.reflections import Reflection

feature.writing(
    "reflection",
    Writing(
        N_("Reflections"),
        Reflection,
        {"body": N_("What is on your mind?"), "about": N_("What it is about")},
        "at",
        most=MOST,
        readers=lambda _ctx, row: views.readers(row),
        required=("body",),
        in_workbook=True,
    ),
)
