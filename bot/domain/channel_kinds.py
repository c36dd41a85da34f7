"""What kinds of channel a community can live in, and what to do instead where it can't. One table for all platforms."""

from typing import Literal

from bot.i18n import gettext as _

# An adapter translates its platform's types into these. "unknown": the platform doesn't say. "missing": the bot sees no
# such channel.
ChannelKind = Literal[
    "unknown",
    "text",
    "announcement",
    "voice",
    "forum",
    "forum without tags",
    "media",
    "stage",
    "thread",
    "category",
    "directory",
    "group message",
    "direct message",
    "missing",
]
# Text: threads under cards. Announcement: the same, and people may publish a card to other servers. Voice: cards in its
# text chat, and replies instead of threads. Forum: a post for each card. Unknown: a later delivery finds out.
CAN_HOLD: frozenset[ChannelKind] = frozenset({"unknown", "text", "announcement", "voice", "forum"})


def problem(kind: ChannelKind) -> str:
    """Say as plain text why a community can't live in a channel of this kind, and what can be done; "" if it can."""
    match kind:
        case "forum without tags":
            return _(
                "Each post in this forum needs a tag, and there’s none I can use. Add a tag that everyone can use, or "
                "make tags optional."
            )
        case "media":
            return _("This channel is for pictures and videos, so my cards would get lost. Pick a text channel.")
        case "stage":
            return _("This is a stage, where people listen. Pick a text channel.")
        case "thread":
            return _("This is a thread, and threads close by themselves. Pick the channel it belongs to.")
        case "category":
            return _("This is a category, so no one can post in it. Pick one of its channels.")
        case "directory":
            return _("No one can post in this channel. Pick a text channel.")
        case "group message":
            return _("I can’t post in a group message. Make it a private channel, and invite me there.")
        case "direct message":
            return _("This is a direct message. Pick a channel.")
        case "missing":
            return _("I can’t see that channel. Let me see it, in the channel’s permissions, or pick another one.")
        case _:
            return ""


def note(kind: ChannelKind) -> str:
    """Say what is different in a channel of this kind, "" for nothing."""
    match kind:
        case "forum":
            return _("It’s a forum, so each of my cards becomes a post of its own.")
        case "voice":
            return _("I’ll post in its text chat. It has no threads, so what belongs to a card comes as a reply.")
        case _:
            return ""
