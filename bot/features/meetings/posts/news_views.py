"""What an announced change becomes when it no longer holds, and the news that a dropped meeting is back."""

from bot.features.meetings.views import buttons, rows
from bot.i18n import gettext as _
from bot.ui import Facts, Message, Text
from bot.ui.markup import esc, moment
from storage.meetings.meetings import PLANNED, Meeting


def changed_again(meeting: Meeting) -> Message:
    """What replaces an announced change when the meeting has changed again since."""
    text = _("The meeting **{title}** has changed again since. This holds now:").format(title=esc(meeting.title))
    return Message((Text(text), Facts(tuple(rows(meeting)))), actions=buttons(meeting), holds_until=meeting.starts_at)


def change_over(meeting: Meeting) -> Message:
    """What replaces an announced change when the meeting has begun, or doesn’t take place."""
    if meeting.status == PLANNED:
        text = _("The meeting **{title}** started {when}.")
    else:
        text = _("The meeting **{title}**, planned for {when}, does not take place.")
    return Message((Text(text.format(title=esc(meeting.title), when=moment(meeting.starts_at))),))


def takes_place_again(meeting: Meeting) -> Message:
    """Tell those who were told that a meeting doesn’t take place that it does, as the rule has it again."""
    text = _("The meeting **{title}** takes place after all:").format(title=esc(meeting.title))
    return Message((Text(text), Facts(tuple(rows(meeting)))), actions=buttons(meeting), holds_until=meeting.starts_at)
