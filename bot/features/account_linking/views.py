"""Messages about linking accounts."""

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Message, Note, Text, card
from bot.ui.markup import command, esc, moment


def code(code: str, until: datetime) -> Message:
    return Message(
        parts=(
            Text(
                _("On the other platform, type {line}. It works once, until {until}.").format(
                    line=command(f"link {code}"), until=moment(until, "time")
                )
            ),
            Note(
                _(
                    "Then both accounts are you: the same communities, answers and settings. "
                    "Give the code to nobody: whoever types it becomes you here."
                )
            ),
        )
    )


def joined(platforms: Sequence[str]) -> Message:
    return Message(
        parts=(
            Text(
                _("Done: your accounts are one person now ({platforms}).").format(
                    platforms=esc(", ".join(sorted({p.title() for p in platforms})))
                )
            ),
            Note(
                _(
                    "Private messages go to the account you used last. Where both had answered the same question, "
                    "the answer of the account that made the code is kept."
                )
            ),
        )
    )


def code_used(platform: str) -> Message:
    """Warn the person who made the code that it was used from an account on `platform`."""
    return card(
        _(
            "Your code was used: an account on {platform} is now you as well. If that was not you, tell an admin of "
            "your community at once."
        ).format(platform=esc(platform.title()))
    )


def own_code() -> Message:
    return card(_("That code is your own: type it on the other platform, with the account you want to join."))


def wrong(left: int) -> Message:
    """`left` is how many tries remain."""
    if left == 0:
        return card(
            _("That code is wrong or too old, and that was one try too many. Please wait 15 minutes, then try again.")
        )
    return card(
        _("That code is wrong or too old. {line} on the other platform gives a new one.").format(line=command("link")),
        ngettext("You have one more try.", "You have {n} more tries.", left).format(n=left),
    )


def too_many(until: datetime) -> Message:
    return card(
        _("There were too many wrong codes. You can try again after {until}.").format(until=moment(until, "time"))
    )
