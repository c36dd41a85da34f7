"""Messages and forms of follow-ups, headed “You said” and “We did”."""

from bot.features.feedback.rules import LONGEST_REPLY
from bot.i18n import gettext as _
from bot.ui import Button, Form, Message, Note, Quote, Text, TextField, card
from bot.ui.markup import moment
from storage.meetings.feedback import FollowUp
from storage.meetings.meetings import Meeting


def form(meeting: Meeting, said: str = "", did: str = "") -> Form:
    return Form(
        "feedback.reply",
        _("You said, we did"),
        (
            TextField(
                "said",
                _("You said"),
                initial=said,
                max_length=LONGEST_REPLY,
                hint=_("In your own words, so that nobody is known by theirs. Everyone here reads it."),
            ),
            TextField(
                "did",
                _("We did"),
                initial=did,
                max_length=LONGEST_REPLY,
                hint=_("What has changed, or why it stays. It is on the card of the next meeting."),
            ),
        ),
        value=str(meeting.id),
        submit=_("Keep"),
    )


def empty() -> str:
    return _("Please write a line here, such as: More time in small groups.")


def saved(row: FollowUp, coming: Meeting | None) -> Message:
    """Confirm a follow-up. `coming` is the meeting whose card shows it, if one is planned."""
    where = (
        _("It is on the card of the meeting {when}, for everyone here.").format(when=moment(coming.starts_at))
        if coming
        else _("It is on the card of the next meeting, as soon as one is planned.")
    )
    return Message(
        (Text(_("**You said**")), Quote(row.said), Text(_("**We did**")), Quote(row.did), Note(where)),
        actions=(
            Button(_("Add another"), "feedback.reply", str(row.meeting_id)),
            Button(_("Take it back"), "feedback.undo", str(row.id)),
        ),
    )


def taken_back() -> Message:
    return card(_("Taken back; no card shows it any more."), replace=True)


def nothing_to_reply_to(least: int) -> str:
    """`least` is how many people must have answered."""
    return _(
        "What people said about that meeting is not shown yet, or fewer than {n} answered, so there is nothing to "
        "answer. It opens a week after the meeting."
    ).format(n=least)
