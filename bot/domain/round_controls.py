"""What features with rounds show alike: how long one takes, the facilitator's buttons, and that there is a pause."""

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Note
from bot.ui.markup import command, moment


def takes(minutes: int) -> str:
    """Say how long it takes to answer."""
    return ngettext("About {n} minute.", "About {n} minutes.", minutes).format(n=minutes)


def controls(round: int) -> tuple[Button, ...]:
    """Return a facilitator's buttons for an open round. The last one closes it: leave it out for a closed round."""
    return (
        Button(_("Read the answers"), "rounds.read", str(round)),
        Button(_("Who is not heard yet"), "rounds.unheard", str(round)),
        Button(_("Close it now"), "rounds.close", str(round)),
    )


def left_out(those: Sequence[tuple[str, datetime]]) -> tuple[Note, ...]:
    """Say which of the bot's own posts, by title and moment, are left out because a facilitator asks this week."""
    if not those:
        return ()
    listed = ", ".join(f"{title} ({moment(at, 'day')})" for title, at in those)
    return (Note(_("Because you ask this week, I won’t post: {listed}.").format(listed=listed)),)


def paused() -> str:
    return _("This community is paused, so nothing is asked. {resume} starts it again.").format(
        resume=command("cadence resume", "admin")
    )
