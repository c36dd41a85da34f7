"""Every word of a meeting's card in the channel, from the first to what stays of it, and of what is posted under it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.features.meetings import rules
from bot.features.meetings.views import buttons, coming, join, length, rows
from bot.markup import command, cut, esc, moment
from bot.text import gettext as _
from bot.text import ngettext
from bot.ui import Button, Facts, Message, Note, Part, Text
from storage.agenda import CHALLENGE, WIN, Topic
from storage.meetings import CANCELLED, YES, Meeting

TOPICS = 5  # on the card; the facilitators see them all


def heading(meeting: Meeting) -> str:
    """The title, which by itself need not say that it is a meeting's."""
    # Translators: the word that a title may hold already, in lower case.
    says_so = _("meeting") in meeting.title.casefold()
    return cut(meeting.title if says_so else _("Meeting: {title}").format(title=meeting.title), 100)


def topic_line(topic: Topic) -> str:
    kind = {WIN: _("Win: "), CHALLENGE: _("Challenge: ")}.get(topic.kind, "")
    return f"- {kind}{esc(cut(topic.title, 120))}"


def _agenda(topics: Sequence[Topic], heading: str) -> Text:
    lines = [topic_line(topic) for topic in topics[:TOPICS]]
    if more := len(topics) - TOPICS:
        lines += [ngettext("- and {n} more", "- and {n} more", more).format(n=more)] if more > 0 else []
    return Text("\n".join([heading, "", *lines]))


def card_of(meeting: Meeting, counts: Mapping[str, int], topics: Sequence[Topic], *, begun: bool) -> Message:
    """Before the meeting and while it lasts. Once it has begun nobody is asked any more."""
    parts: list[Part] = [Facts((*rows(meeting), (_("Coming"), coming(counts))))]
    if topics:
        parts.append(_agenda(topics, _("**On the agenda so far**")))
    if begun:
        parts.append(Note(_("This meeting has begun, so nobody is asked any more.")))
        return Message(tuple(parts), title=heading(meeting), actions=join(meeting))
    parts.append(Note(_("Will you come? One click. Everyone sees how many come; the facilitators also see who.")))
    suggest = Button(_("Suggest a topic"), "agenda.suggest", "topic")
    return Message(tuple(parts), title=heading(meeting), actions=(*buttons(meeting), suggest, *join(meeting)))


def over(meeting: Meeting, counts: Mapping[str, int], topics: Sequence[Topic], told_until: datetime) -> Message:
    """What stays of the card. `topics` are those chosen for the meeting; how it was may be told until `told_until`."""
    took_place = _("This meeting took place {when}, {length}.").format(
        when=moment(meeting.starts_at), length=length(meeting.minutes)
    )
    said_yes = ngettext("{n} person had said yes.", "{n} people had said yes.", counts[YES]).format(n=counts[YES])
    parts: list[Part] = [Text(f"{took_place} {said_yes}")]
    if topics:
        parts.append(_agenda(topics, _("**On the agenda**")))
    parts.append(
        Note(
            _(
                "Say how it was until {until}; facilitators read it in {feedback}. What you mean to try is in "
                "{commitments}, what you took home in {takeaways}."
            ).format(
                until=moment(told_until, "day"),
                feedback=command("feedback show", "facilitator"),
                commitments=command("commitments"),
                takeaways=command("takeaways"),
            )
        )
    )
    tell = Button(_("Say how it was"), "feedback.answer", str(meeting.id))
    return Message(tuple(parts), title=heading(meeting), actions=(tell,))


def cancelled_card(meeting: Meeting) -> Message:
    parts: list[Part] = [
        Text(_("This meeting, planned for {when}, is cancelled.").format(when=moment(meeting.starts_at)))
    ]
    if meeting.note:
        parts.append(Text(_("Why: {why}").format(why=esc(meeting.note))))
    return Message(tuple(parts), title=heading(meeting))


def no_longer(meeting: Meeting) -> Message:
    """In the place of the card of a meeting that a new rule does not have."""
    return Message(
        (
            Text(
                _(
                    "The community’s rhythm has changed: there is no meeting on {when}. {next} shows the next one."
                ).format(when=moment(meeting.starts_at, "day"), next=command("next"))
            ),
        ),
        title=heading(meeting),
    )


def soon(meeting: Meeting, counts: Mapping[str, int], stage: str, now: datetime, zone: str) -> Message:
    """Under the card, a week, a day and an hour before; each says how far off it is, and what helps at that point."""
    # With the day and hour: the message is still there when the day before is long past.
    text = _("**{how_soon}**: the meeting **{title}**, {when}.").format(
        how_soon=_how_soon(meeting.starts_at, now, zone), title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    place = (Text(_("Where: {place}").format(place=esc(meeting.place))),) if meeting.place else ()
    match stage:
        case "w":
            helps = _("Say above whether you come; you may change it until the meeting begins.")
        case "d":
            helps = _("So far: {coming}. You can still say whether you come, above.").format(coming=coming(counts))
        case _last:
            helps = ""
    return Message((Text(text), *place, *([Note(helps)] if helps else [])), actions=join(meeting))


def _how_soon(starts_at: datetime, now: datetime, zone: str) -> str:
    """As it is when this is said: a reminder may come later than it was meant to."""
    days, minutes = rules.ahead(starts_at, now, zone)
    if minutes <= 50:
        return ngettext("In {n} minute", "In {n} minutes", minutes).format(n=minutes)
    if minutes <= 70:
        return _("In one hour")
    if days <= 1:
        return _("Tomorrow") if days else _("Today")
    return _("In one week") if days == 7 else ngettext("In {n} day", "In {n} days", days).format(n=days)


def changed_for_you(meeting: Meeting) -> Message:
    """In the place of a private reminder whose meeting has moved or is cancelled."""
    if meeting.status == CANCELLED:
        return cancelled_card(meeting)
    text = _("The meeting **{title}** has moved to {when}. I remind you again before it.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at)
    )
    return Message((Text(text),), actions=buttons(meeting))
