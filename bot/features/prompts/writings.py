"""What people write with this feature, for `data show`."""

from bot.core.routes import Writing
from bot.features.prompts.feature import feature
from bot.features.prompts.handlers import LONGEST
from bot.i18n import gettext_noop as N_
from storage.learning.prompts import QueuedPrompt

feature.writing(
    "queued",
    Writing(
        N_("Prompts you queued"),
        QueuedPrompt,
        {"text": N_("The question")},
        "at",
        most=LONGEST,
        readers=N_("facilitators, and everyone in the community once it’s asked"),
        is_written=lambda row: row.text != "",
    ),
)
