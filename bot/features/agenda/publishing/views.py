"""Messages and forms for publishing an agenda, and for bringing back last year's topics."""

from collections.abc import Sequence

from bot.cadence import say_moment
from bot.features.agenda.rules import LONGEST_REASON
from bot.features.agenda.topics.views import kind_label, line
from bot.features.agenda.voting.views import dots
from bot.i18n import gettext as _
from bot.i18n import locale, ngettext
from bot.ui import Button, Form, Message, Note, Text, TextField, TickField, card
from bot.ui.markup import command, cut, esc, moment
from storage.agenda.topics import TOPIC, Topic
from storage.agenda.votes import Vote
from storage.meetings.meetings import Meeting

# --- last year's topics


def clone_form(meeting: Meeting, then: Meeting, topics: Sequence[Topic], zone: str) -> Form:
    when = say_moment(then.starts_at, zone, locale())
    choices = tuple((str(topic.id), cut(f"{kind_label(topic.kind)}: {topic.title}", 75)) for topic in topics[:10])
    return Form(
        "agenda.clone",
        _("As last year"),
        (
            TickField(
                "topics", _("What shall come back?"), choices, required=True, initial=tuple(v for v, _l in choices)
            ),
            TextField(
                "reason",
                _("Why? Everyone reads this"),
                initial=_("As last year"),
                max_length=LONGEST_REASON,
                hint=_("It is on the agenda without a vote."),
            ),
        ),
        value=f"{meeting.id}.{then.id}",
        submit=_("Bring them back"),
        intro=_("The agenda of {title}, {when}. Facilitators’ notes come along, for facilitators only.").format(
            title=esc(then.title), when=when
        ),
    )


def nothing_a_year_ago(meeting: Meeting) -> str:
    return _(
        "I know of no agenda from about a year before {when}, so there is nothing to bring back. {show} shows "
        "what waits."
    ).format(when=moment(meeting.starts_at, "day"), show=command("agenda show", "facilitator"))


def cloned(meeting: Meeting, brought: int, there: int) -> Message:
    """Confirm that `brought` topics were added; `there` were waiting already."""
    text = ngettext(
        "{n} topic of last year is on the agenda for {when}.",
        "{n} topics of last year are on the agenda for {when}.",
        brought,
    ).format(n=brought, when=moment(meeting.starts_at))
    if there:
        waits = ngettext(
            "{n} waited already and was left as it is.", "{n} waited already and were left as they are.", there
        )
        text += " " + waits.format(n=there)
    return Message(
        (Text(text), Note(_("Nothing is posted yet. {publish} publishes the agenda.").format(
            publish=command("agenda publish", "facilitator")
        ))),
        actions=(Button(_("Choose and publish"), "agenda.publish", "", "primary"),),
    )  # fmt: skip


# --- publishing


def no_meeting() -> str:
    return _("No meeting to come is planned, so there is no agenda to publish. {schedule} plans one.").format(
        schedule=command("meeting schedule", "facilitator")
    )


def vote_first(vote: Vote) -> str:
    return _("The vote is open until {until}. Publish when it has closed, so that every dot counts.").format(
        until=moment(vote.closes_at)
    )


def nothing_to_publish() -> str:
    return _("No topic waits yet. {add} adds one.").format(add=command("agenda add", "facilitator"))


def publish_form(meeting: Meeting, among: Sequence[Topic], chosen: Sequence[Topic]) -> Form:
    choices = tuple((str(t.id), cut(_label(t), 75)) for t in among)
    field = TickField(
        "topics",
        _("What goes on the agenda?"),
        choices,
        required=True,
        initial=tuple(str(t.id) for t in chosen),
        hint=_("The rest is carried to the next meeting. Everyone reads the agenda in the channel."),
    )
    return Form("agenda.publish", _("Publish the agenda"), (field,), value=str(meeting.id), submit=_("Publish"))


def _label(topic: Topic) -> str:
    prefix = f"{dots(topic.dots)} · " if topic.dots else ""
    return f"{prefix}{kind_label(topic.kind)}: {topic.title}"


def pick_one() -> str:
    return _("Please tick at least one topic, or close this to publish nothing.")


def published(meeting: Meeting, topics: Sequence[Topic], vote: Vote | None, *, has_begun: bool) -> Message:
    """The agenda as posted in the channel. `vote` is the closed vote it came from, if there was one."""
    how = (
        ngettext("{n} person placed dots.", "{n} people placed dots.", vote.voters).format(n=vote.voters)
        if vote and vote.voters
        else ""
    )
    lines = [line(topic) + (f" ({dots(topic.dots)})" if vote and topic.dots else "") for topic in topics]
    lines = lines or [_("No topics for now.")]
    head = _("For {title}, {when}:").format(title=esc(meeting.title), when=moment(meeting.starts_at))
    parts = (Text(f"{head} {how}".strip()), Text("\n".join([_("**Agenda**"), "", *lines])))
    if has_begun:
        return Message(parts, title=_("What we talk about"))
    late = Note(_("Something missing? A late topic is welcome and may wait until the next meeting."))
    return Message(
        (*parts, late),
        title=_("What we talk about"),
        actions=(Button(_("Suggest a topic"), "agenda.suggest", TOPIC),),
        holds_until=meeting.starts_at,
    )


def published_reply(meeting: Meeting, chosen: int, left: int) -> Message:
    text = ngettext(
        "The agenda for {when} is on its way to the channel, with {n} topic.",
        "The agenda for {when} is on its way to the channel, with {n} topics.",
        chosen,
    ).format(when=moment(meeting.starts_at), n=chosen)
    carried = ngettext("{n} waits for the next meeting.", "{n} wait for the next meeting.", left).format(n=left)
    note = _("{carried} Publishing again replaces what is posted.").format(carried=carried if left else "").strip()
    return Message((Text(text), Note(note)))


def not_known_yet(meeting: Meeting) -> Message:
    """Stand in for the agenda in a preview while the vote is open."""
    return card(
        _("The agenda for {when}, as the vote will have it.").format(when=moment(meeting.starts_at)),
        title=_("What we talk about"),
    )
