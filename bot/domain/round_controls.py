"""What features that put questions to a community say alike: the facilitator's buttons, and that it is paused."""

from bot.i18n import gettext as _
from bot.ui import Button
from bot.ui.markup import command


def controls(round: int) -> tuple[Button, ...]:
    """What a facilitator can do with a question that is open; without the last, with one that is closed."""
    return (
        Button(_("Read the answers"), "rounds.read", str(round)),
        Button(_("Who is not heard yet"), "rounds.unheard", str(round)),
        Button(_("Close it now"), "rounds.close", str(round)),
    )


def paused() -> str:
    return _("This community is paused, so nothing is asked. {resume} starts it again.").format(
        resume=command("cadence resume", "admin")
    )
