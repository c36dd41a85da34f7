"""Messages and forms of the after-meeting card, and what facilitators read of the answers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo

from bot.cadence.calendar_names import short_date
from bot.domain.between_meetings import FEEDBACK_WINDOW
from bot.domain.meeting_types import CHANGE, COMMITMENT, HOME, USEFUL, WORKED, follow_up_questions, meeting_type
from bot.features.feedback.rules import LONGEST, RELEASED_AT
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import (
    Button,
    ChoiceField,
    Facts,
    Form,
    Message,
    Note,
    Part,
    Quote,
    Text,
    TextField,
    card,
)
from bot.ui.markup import command, cut, esc, moment
from storage.learning.commitments import Takeaway
from storage.meetings.feedback import FollowUp
from storage.meetings.meetings import Meeting

# Characters of one answer in a list.
SHOWN = 180
# Answers to each question where there are one or two; more questions share the room.
LISTED = 6


def card_of(meeting: Meeting, answers: int, *, is_open: bool) -> Message:
    """The after-meeting card in the channel. `answers` is how many people have answered."""
    if not is_open:
        return _closed_card(meeting, answers)
    parts: list[Part] = [
        Text(
            _("The meeting of **{title}** is over. How was it, what will you try, and what do you take home?").format(
                title=esc(meeting.title)
            )
        )
    ]
    if answers:
        parts.append(Text(ngettext("{n} answered so far.", "{n} answered so far.", answers).format(n=answers)))
    parts.append(
        Note(
            _(
                "About 2 minutes, open until {when}. Then facilitators read how it was, without names, if {n} people "
                "or more have answered. What you will try is for you alone."
            ).format(when=moment(meeting.starts_at + FEEDBACK_WINDOW, "day"), n=RELEASED_AT)
        )
    )
    button = Button(_("Answer"), "feedback.answer", str(meeting.id), "primary")
    return Message(
        tuple(parts),
        title=_("After the meeting"),
        actions=(button,),
        holds_until=meeting.starts_at + FEEDBACK_WINDOW,
    )


def _closed_card(meeting: Meeting, answers: int) -> Message:
    answered = ngettext("{n} person answered.", "{n} people answered.", answers).format(n=answers) if answers else ""
    text = _("Feedback on **{title}** closed {when}.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at + FEEDBACK_WINDOW, "day")
    )
    note = _("Facilitators see it without names, if at least {n} people answered.").format(n=RELEASED_AT)
    return Message((Text(f"{text} {answered}".strip()), Note(note)), title=_("After the meeting"))


def questions() -> Mapping[str, str]:
    """Return the questions whose answers facilitators read, by name."""
    return {WORKED: _("What worked?"), CHANGE: _("What should we change?"), **follow_up_questions()}


def form(meeting: Meeting, answers: Mapping[str, str], zone: tzinfo) -> Form:
    """Ask the questions of the meeting's type, at most five and none required. `answers` are earlier ones by name."""
    ratings = (
        ("5", _("5, very")),
        ("4", "4"),
        ("3", _("3, somewhat")),
        ("2", "2"),
        ("1", _("1, not really")),
    )
    when = short_date((meeting.starts_at + FEEDBACK_WINDOW).astimezone(zone).date())
    without_name = _("Facilitators read it from {when} on, without your name, if {n} have answered.").format(
        when=when, n=RELEASED_AT
    )

    def words(name: str, label: str, hint: str, *, long: bool = True) -> TextField:
        return TextField(
            name, label, long=long, required=False, initial=answers.get(name, ""), hint=hint, max_length=LONGEST
        )

    fields: dict[str, TextField | ChoiceField] = {
        name: words(name, label, without_name) for name, label in questions().items()
    }
    fields[USEFUL] = ChoiceField(
        USEFUL,
        _("How useful was it to you?"),
        ratings,
        required=False,
        initial=answers.get(USEFUL, ""),
        hint=_("Facilitators then see the average, if {n} have rated it.").format(n=RELEASED_AT),
    )
    plan = _("When …, I will … by …. Only you see it.")
    fields[COMMITMENT] = words(COMMITMENT, _("What will you try?"), plan, long=False)
    home = _("Only you see it, unless you then share it with colleagues.")
    fields[HOME] = words(HOME, _("One thing to take home"), home)
    return Form(
        "feedback.answer",
        _("After the meeting"),
        tuple(fields[name] for name in meeting_type(meeting.meeting_type).after),
        value=str(meeting.id),
        submit=_("Send"),
    )


def empty() -> str:
    return _("Nothing is filled in yet. Any one answer is enough.")


def too_long(most: int) -> str:
    return _("Please keep it to {most} characters; I have kept the beginning.").format(most=most)


def survey_closed(until: datetime) -> str:
    return _(
        "Answers about that meeting were welcome until {when}. Tell a facilitator if something still matters."
    ).format(when=moment(until, "day"))


def no_such_meeting() -> str:
    return _("There is no such meeting to look back on; nothing is saved.")


def thanks(meeting: Meeting, home: Takeaway | None, organization: str, *, committed: bool) -> Message:
    parts: list[Part] = [Text(_("Thank you, your answer is kept. You can change it until {when}.").format(
        when=moment(meeting.starts_at + FEEDBACK_WINDOW, "day")
    ))]  # fmt: skip
    if committed:
        parts.append(Text(_("{commitments} shows what you mean to try; only you see it.").format(
            commitments=command("my commitments")
        )))  # fmt: skip
    buttons = [Button(_("Change it"), "feedback.answer", str(meeting.id))]
    if home and organization and not home.shared:
        parts.append(
            Note(
                _(
                    "What you take home is yours. You may share it with colleagues at {organization} in this program."
                ).format(organization=esc(cut(organization, 80)))
            )
        )
        buttons.append(Button(_("Share with colleagues"), "feedback.share_home", str(meeting.id)))
    return Message(tuple(parts), actions=tuple(buttons))


def withdrawn(meeting: Meeting) -> Message:
    return card(
        _("You left everything empty, so all you had said about that meeting is deleted. Nobody is told."),
        actions=(Button(_("Answer again"), "feedback.answer", str(meeting.id)),),
    )


# --- facilitators


def for_facilitators() -> str:
    return _("What people say after a meeting is read by those who facilitate, and administering is not that.")


def none_held() -> str:
    return _("No meeting has been held yet, so there is no feedback to show.")


def _reply(meeting: Meeting) -> Button:
    return Button(_("Write what we did about it"), "feedback.reply", str(meeting.id))


def ready(meeting: Meeting, answers: int) -> Message:
    """The direct message to facilitators when feedback on a meeting is closed."""
    text = ngettext(
        "{n} person has said how {title} was. {show} shows what they said, without names.",
        "{n} people have said how {title} was. {show} shows what they said, without names.",
        answers,
    ).format(n=answers, title=esc(meeting.title), show=command("feedback show", "facilitator"))
    note = Note(_("What you write you did about it is on the card of the next meeting, so that everyone sees it."))
    return Message((Text(text), note), actions=(_reply(meeting),))


def still_open(meeting: Meeting, answers: int) -> Text:
    return Text(
        _(
            "About {title}, {when}: {heard} so far. What they say is shown from {until} on, all of it at once, so that "
            "nobody can tell who said what."
        ).format(
            title=esc(meeting.title),
            when=moment(meeting.starts_at, "day"),
            heard=_response_count(answers),
            until=moment(meeting.starts_at + FEEDBACK_WINDOW, "day"),
        )
    )


def _response_count(answers: int) -> str:
    return ngettext("{n} person has answered", "{n} people have answered", answers).format(n=answers)


def too_few(meeting: Meeting, answers: int, still: Text | None) -> Message:
    text = _("About {title}, {when}: {heard}.").format(
        title=esc(meeting.title), when=moment(meeting.starts_at, "day"), heard=_response_count(answers)
    )
    why = _("Words and ratings of fewer than {n} are not shown, so that nobody can be told apart.")
    return Message((*([still] if still else []), Text(text), Note(why.format(n=RELEASED_AT))))


def results(
    meeting: Meeting,
    answers: int,
    useful: float | None,
    words: Sequence[tuple[str, Sequence[str]]],
    before: Sequence[tuple[Meeting, float | None]],
    replies: Sequence[FollowUp],
    still: Text | None,
) -> Message:
    """Show feedback to facilitators.

    `words` are (question, answers); `before` are (earlier meeting, its mean rating); `still` is a line about a later
    meeting whose answers are not closed yet.
    """
    rows = [(_("Answered"), str(answers)), (_("Useful, 1 to 5"), _rating(useful))]
    rows += [
        (_("Before, {when}").format(when=f"{earlier.starts_at:%Y-%m-%d}"), _rating(mean)) for earlier, mean in before
    ]
    parts: list[Part] = [Text(f"**{esc(meeting.title)}**, {moment(meeting.starts_at, 'day')}"), Facts(tuple(rows))]
    most = LISTED if len(words) < 3 else LISTED // len(words) + 1
    for name, texts in words:
        parts.append(Text(f"**{questions()[name]}**"))
        parts += [Quote(cut(each, SHOWN)) for each in texts[:most]]
        if not texts:
            parts.append(Text(_("Nothing was said.")))
        elif (more := len(texts) - most) > 0:
            parts.append(Note(ngettext("and {n} more", "and {n} more", more).format(n=more)))
    parts.append(Note(_("Only facilitators see this, without names and in no particular order.")))
    if replies:
        n = len(replies)
        there = ngettext("You have written {n} reply to it.", "You have written {n} replies to it.", n)
        parts.append(Note(there.format(n=n)))
    if still:
        parts.append(still)
    return Message(tuple(parts), title=_("How it was"), actions=(_reply(meeting),))


def _rating(mean: float | None) -> str:
    return _("too few to say") if mean is None else f"{mean:.1f}"
