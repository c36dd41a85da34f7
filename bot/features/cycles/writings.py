"""What people write with this feature, for `data show`."""

from bot.core.routes import Writing
from bot.features.cycles.feature import feature
from bot.features.cycles.handlers import MOST
from bot.i18n import gettext_noop as N_
from storage.learning.cycles import ImprovementCycle

feature.writing(
    "cycle",
    Writing(
        N_("Improvement cycles"),
        ImprovementCycle,
        {
            "trying": N_("What will you try?"),
            "prediction": N_("What do you predict?"),
            "measure": N_("How will you know?"),
            "result": N_("What happened?"),
            "lesson": N_("What did you learn?"),
        },
        "started_at",
        most=MOST,
        readers=N_("only you"),
        required=("trying", "prediction"),
        in_workbook=True,
    ),
)
