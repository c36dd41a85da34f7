"""Messages and forms for the vote on topics: the card, the form for dots, the result, and refusals."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.round_controls import left_out
from bot.features.agenda.rules import DOTS, MOST_ON_BALLOT
from bot.features.agenda.topics.views import SHOWN, line, listed
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, ChoiceField, Form, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import TOPIC, Topic
from storage.agenda.votes import Vote
from storage.meetings.meetings import Meeting

DOT_NAMES = tuple(f"dot{n}" for n in range(1, DOTS + 1))
# The value of "no dot" in the form.
NOWHERE = "0"


def secret(until: datetime) -> str:
    return _(
        "Nobody sees any dots before {until}, facilitators included. Then everyone sees how many each topic has, "
        "and nobody ever whose they were."
    ).format(until=moment(until))


def _place(vote: Vote) -> Button:
    return Button(_("Place my dots"), "agenda.dots", str(vote.meeting_id), "primary")


def card_of(meeting: Meeting, vote: Vote, ballot: Sequence[Topic]) -> Message:
    """The agenda card while the vote is open, in place of the call for topics."""
    question = _(
        "We meet {when}. What should we give our time to? You have three dots: spread them, or put all on one topic."
    ).format(when=moment(meeting.starts_at))
    return Message(
        (
            Text(question),
            listed(_("To choose from"), ballot[:MOST_ON_BALLOT]),
            Note(_("About 1 minute, open until {until}.").format(until=moment(vote.closes_at))),
            Note(secret(vote.closes_at)),
        ),
        title=_("What matters most to you?"),
        actions=(_place(vote), Button(_("Suggest a topic"), "agenda.suggest", TOPIC)),
        holds_until=vote.closes_at,
    )


def opened(meeting: Meeting, vote: Vote) -> Message:
    """The message in the card's thread when the call becomes a vote."""
    text = _("The vote on the topics for {when} is open until {until}: three dots each, about 1 minute.").format(
        when=moment(meeting.starts_at, "day"), until=moment(vote.closes_at)
    )
    return Message((Text(text),), actions=(_place(vote),), holds_until=vote.closes_at)


def dropped(meeting: Meeting) -> Message:
    """What replaces `opened` when the meeting does not take place, so that its vote ended without a result."""
    return card(
        _("The vote on the topics for {when} has ended, because the meeting won’t take place. The topics wait.").format(
            when=moment(meeting.starts_at, "day")
        )
    )


def closed(meeting: Meeting, vote: Vote) -> Message:
    """What replaces `opened` when the vote is over."""
    return card(
        _("The vote on the topics for {when} is closed; what it came to is above.").format(
            when=moment(meeting.starts_at, "day")
        )
    )


def dots(n: int) -> str:
    return ngettext("{n} dot", "{n} dots", n).format(n=n)


def results(meeting: Meeting, topics: Sequence[Topic], voters: int) -> Message:
    """The agenda card once the vote is closed. `topics` all have dots, those with the most first."""
    lines = [f"{line(topic)} ({dots(topic.dots)})" for topic in topics[:SHOWN]]
    heard = ngettext("{n} person placed dots", "{n} people placed dots", voters).format(n=voters)
    head = _("For the meeting {when}, {heard}:").format(when=moment(meeting.starts_at), heard=heard)
    return Message(
        (
            Text("\n".join([head, "", *lines])),
            Note(_("Whose dots they were is forgotten. What is not taken up waits for the next meeting.")),
        ),
        title=_("What matters most to you?"),
        actions=(Button(_("Suggest a topic"), "agenda.suggest", TOPIC),),
    )


def no_meeting(meeting: Meeting) -> Message:
    """The agenda card of a meeting that does not take place."""
    return card(
        _("The meeting planned for {when} does not take place. The topics wait for the next one.").format(
            when=moment(meeting.starts_at, "day")
        ),
        title=_("What is on your mind?"),
        actions=(Button(_("Suggest a topic"), "agenda.suggest", TOPIC),),
    )


def form(vote: Vote, ballot: Sequence[Topic], placed: Sequence[int]) -> Form:
    """Ask for dots. `placed` are the topic ids of the person's present dots; those not on the ballot show as none."""
    choices = ((NOWHERE, _("No dot")), *((str(topic.id), cut(topic.title, 75)) for topic in ballot))
    valid = {value for value, _label in choices}
    labels = (_("First dot"), _("Second dot"), _("Third dot"))

    def dot(place: int) -> ChoiceField:
        now = str(placed[place]) if place < len(placed) else NOWHERE
        return ChoiceField(DOT_NAMES[place], labels[place], choices, initial=now if now in valid else NOWHERE)

    intro = _("Put each dot where you like; several may go on one topic. You can change them until the vote closes.")
    return Form(
        "agenda.dots",
        _("Place your dots"),
        tuple(dot(place) for place in range(DOTS)),
        value=str(vote.meeting_id),
        submit=_("Place them"),
        intro=f"{intro} {secret(vote.closes_at)}",
    )


def placed(vote: Vote, on: Sequence[tuple[Topic, int]]) -> Message:
    change = Button(_("Change my dots"), "agenda.dots", str(vote.meeting_id))
    if not on:
        return card(_("You have placed no dots, which is fine too. Nobody is told."), actions=(change,))
    lines = [f"- {esc(cut(topic.title, 150))}: {dots(n)}" for topic, n in on]
    note = _("Only you see this, and you can change it until {until}.").format(until=moment(vote.closes_at))
    return Message((Text("\n".join([_("Your dots are placed:"), "", *lines])), Note(note)), actions=(change,))


def none_open() -> str:
    return _(
        "No vote is open now. One opens about nine days before a meeting; {topic} suggests what to vote on."
    ).format(topic=command("topic"))


def closed_already(vote: Vote) -> str:
    return _("That vote closed {when}; nothing has changed.").format(when=moment(vote.closed_at or vote.closes_at))


# --- facilitators


def tallied(meeting: Meeting, proposed: Sequence[Topic], vote: Vote, at: datetime) -> Message:
    """The direct message to facilitators when the vote closes. `at` is when the agenda publishes by itself."""
    heard = ngettext("{n} person placed dots.", "{n} people placed dots.", vote.voters).format(n=vote.voters)
    lines = [line(topic) + (f" ({dots(topic.dots)})" if topic.dots else "") for topic in proposed]
    text = _("The vote on the topics for {title}, {when}, is closed. {heard} The agenda would be:").format(
        title=esc(meeting.title), when=moment(meeting.starts_at), heard=heard
    )
    note = _("I publish it {at} unless you choose before then. Topics it leaves out wait for the next meeting.")
    return Message(
        (Text("\n".join([text, "", *lines])), Note(note.format(at=moment(at)))),
        actions=(Button(_("Choose and publish"), "agenda.publish", "", "primary"),),
        holds_until=at,
    )


def tally_settled(meeting: Meeting, *, is_published: bool, is_over: bool) -> Message:
    """What replaces `tallied` once the agenda is published, or nothing publishes it by itself any more.

    `is_over`: the meeting has begun or does not take place.
    """
    about = {"title": esc(meeting.title), "when": moment(meeting.starts_at)}
    if is_published:
        return card(_("The agenda for {title}, {when}, is published.").format(**about))
    if is_over:
        text = _("The vote on the topics for {title}, {when}, is closed. Its topics wait for the next meeting.")
        return card(text.format(**about))
    return Message(
        (
            Text(_("The vote on the topics for {title}, {when}, is closed.").format(**about)),
            Note(_("I don’t publish an agenda by myself. You can choose one before the meeting.")),
        ),
        actions=(Button(_("Choose and publish"), "agenda.publish", "", "primary"),),
        holds_until=meeting.starts_at,
    )


def opened_reply(vote: Vote, instead_of: Sequence[tuple[str, datetime]]) -> Message:
    """Confirm a vote. `instead_of` is what the bot leaves out because of it, by title and moment."""
    text = _("The vote is on its way to the channel. It closes {until}; until then nobody sees any dots.")
    return Message((Text(text.format(until=moment(vote.closes_at))), *left_out(instead_of)))


def no_meeting_planned() -> str:
    return _("No meeting to come is planned, so there is nothing to vote on. {schedule} plans one.").format(
        schedule=command("meeting schedule", "facilitator")
    )


def open_already(vote: Vote) -> str:
    if vote.closed_at:
        return _("The vote for the next meeting closed {when}. {publish} chooses the agenda.").format(
            when=moment(vote.closed_at), publish=command("agenda publish", "facilitator")
        )
    return _("A vote is open already; it closes {until}.").format(until=moment(vote.closes_at))


def published_already(meeting: Meeting) -> str:
    return _("The agenda for {when} is published already. {publish} changes it.").format(
        when=moment(meeting.starts_at), publish=command("agenda publish", "facilitator")
    )


def nothing_to_choose() -> str:
    return _("A vote needs at least two topics that wait. {topic} suggests one.").format(topic=command("topic"))
