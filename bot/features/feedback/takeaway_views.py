"""Messages about takeaways: a person's own, and those that colleagues shared."""

from collections.abc import Sequence

from bot.features.feedback.survey_views import SHOWN
from bot.i18n import gettext as _
from bot.ui import Button, Message, Note, Part, Quote, Text, card
from bot.ui.markup import command, cut, esc, mention
from storage.learning.commitments import Takeaway
from storage.people import people
from storage.people.people import Person


def not_found() -> str:
    return _("That is no longer there; nothing has changed.")


def no_organization(typed: str) -> str:
    """`typed` is what the person says, if nobody has confirmed it yet."""
    if typed:
        return _(
            "No one has confirmed yet that you’re with {organization}, so it stays with you. To have me ask someone "
            "again, save your {settings}."
        ).format(organization=esc(cut(typed, 80)), settings=command("settings"))
    return _("I do not know your organization, so there is nobody to share it with. {settings} sets it.").format(
        settings=command("settings")
    )


def shared(row: Takeaway, organization: str) -> Message:
    text = _("Shared: colleagues at {organization} in this program find it with {takeaways}, with your name.").format(
        organization=esc(cut(organization, 80)), takeaways=command("my takeaways")
    )
    button = Button(_("Keep it to myself"), "feedback.unshare_home", str(row.meeting_id))
    return Message((Text(text),), actions=(button,), replace=True)


def kept_private(row: Takeaway) -> Message:
    button = Button(_("Share with colleagues"), "feedback.share_home", str(row.meeting_id))
    return Message((Text(_("Only you see it now.")),), actions=(button,), replace=True)


def takeaways(rows: Sequence[tuple[Takeaway, Person]], me: int, organization: str) -> Message:
    """List takeaways. `me` is the reader's id; `organization` is theirs, "" if unknown."""
    if not rows:
        return card(_("Nothing yet. The card after each meeting asks for one thing to take home."))
    parts: list[Part] = []
    for row, person in rows:
        who = _("You") if row.person_id == me else mention(people.key(person), person.name)
        state = "" if row.person_id != me or row.shared else " " + _("(only you see it)")
        parts.append(Quote(cut(row.words, SHOWN - 40), by=f"{who}{state}"))
    if organization:
        parts.append(
            Note(
                _("Yours, and what colleagues at {organization} shared.").format(
                    organization=esc(cut(organization, 80))
                )
            )
        )
    return Message(tuple(parts), title=_("Taken home"))
