"""What features with rounds show alike: the facilitator's buttons, and the message that the community is paused."""

from bot.i18n import gettext as _
from bot.ui import Button
from bot.ui.markup import command


def controls(round: int) -> tuple[Button, ...]:
    """Return a facilitator's buttons for an open round. The last one closes it: leave it out for a closed round."""
    return (
        Button(_("Read the answers"), "rounds.read", str(round)),
        Button(_("Who is not heard yet"), "rounds.unheard", str(round)),
        Button(_("Close it now"), "rounds.close", str(round)),
    )


def paused() -> str:
    return _("This community is paused, so nothing is asked. {resume} starts it again.").format(
        resume=command("cadence resume", "admin")
    )
