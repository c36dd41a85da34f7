"""The home card, the introduction for newcomers, and help."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.core import signals
from bot.core.routes import CommandSpec
from bot.domain.round_controls import takes
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.operations.coming_checkins import Begun
from bot.ui import Action, Button, Divider, Message, Note, Part, Select, Text, card
from bot.ui.markup import command, cut, esc, length, moment
from storage.communities.communities import Community
from storage.learning.rounds import Round
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import MAYBE, NO, YES

# Questions on a card. Five buttons fit (bot/ui/limits.py), and three of them are the RSVP.
QUESTIONS = 2


@dataclass(frozen=True)
class Overview:
    """What one community has for one member now.

    `coming` is the next meeting, `rsvp` the member's RSVP to it ("" for none yet), `open_now` the rounds they have not
    answered. `leads`: they facilitate or administer the community.
    """

    community: Community
    coming: Meeting | None
    rsvp: str
    open_now: Sequence[Round]
    leads: bool = False
    # What the person has answered and not sent, by round: the round, how many questions, and of how many.
    drafts: Mapping[int, tuple[Round, tuple[int, int]]] = field(default_factory=dict)
    # The next check-in that they can start before it opens.
    begins: Begun | None = None


def home(overview: Overview, snoozed_until: datetime | None, now: datetime) -> Message:
    parts: list[Part] = [Text(_meeting(overview))]
    actions: list[Action] = []
    if overview.coming:
        names = ((YES, _("Yes")), (MAYBE, _("Maybe")), (NO, _("No")))
        actions += [
            Button(
                label, signals.RSVP, f"{overview.coming.id}.{answer}", "primary" if answer == overview.rsvp else "plain"
            )
            for answer, label in names
        ]
        parts.append(Note(_("Will you come? Everyone sees how many come; the facilitators also see who.")))
    parts.append(Divider())
    if not overview.open_now:
        parts.append(Text(_("No question is waiting for you.")))
    for round in overview.open_now[:QUESTIONS]:
        parts.append(Text(f"**{esc(cut(round.question, 300))}**"))
        until = _("Open until {when}.").format(when=moment(round.closes_at))
        parts.append(Note(f"{until} {takes(round.minutes)}"))
        several = len(overview.open_now) > 1
        label = _("Answer: {question}").format(question=cut(round.question, 40)) if several else _("Answer")
        if draft := overview.drafts.get(round.id or 0):
            n, all_ = draft[1]
            parts.append(Text(_("{n} of {all} answered.").format(n=n, all=all_)))
            label = _("Continue: {question}").format(question=cut(round.question, 40)) if several else _("Continue")
        actions.append(Button(label, signals.ANSWER_ROUND, str(round.id)))
    open_now = {round.id for round in overview.open_now}
    if overview.begins:
        parts.append(Text(_begins(overview.begins)))
        actions.append(_begin(overview.begins))
    for id, (round, (n, all_)) in list(overview.drafts.items())[:QUESTIONS]:
        if round.closed_at and id not in open_now:
            said = _("You had answered {n} of {all} of **{question}**, and not sent it.")
            parts.append(Text(said.format(n=n, all=all_, question=esc(cut(round.question, 200)))))
            label = _("Open it: {question}").format(question=cut(round.question, 40))
            actions.append(Button(label, signals.ANSWER_ROUND, str(id)))
    if snoozed_until and snoozed_until > now:
        parts.append(
            Note(_("Paused until {when}; {off} resumes.").format(when=moment(snoozed_until), off=command("snooze off")))
        )
    actions.append(Button(_("Improvement cycles"), signals.OPEN_CYCLES))
    if overview.leads:
        shows = _("You help to run it: {preview} shows what I post in the next seven days, and lets you leave it out.")
        parts.append(Note(shows.format(preview=command("preview", "facilitator"))))
    parts.append(
        Note(_("{help} lists everything you can do here. Only you see this card.").format(help=command("help")))
    )
    return Message(tuple(parts), title=cut(overview.community.name, 100), actions=tuple(actions))


def _begins(begun: Begun) -> str:
    opens = _("**{name}** opens {when}.").format(name=esc(cut(begun.checkin.name, 100)), when=moment(begun.opens_at))
    done = _("You’ve answered it.") if begun.sent else ""
    return f"{opens} {done}".strip()


def _begin(begun: Begun) -> Button:
    name = cut(begun.checkin.name, 40)
    label = _("Change: {name}") if begun.sent else _("Continue: {name}") if begun.draft else _("Start now: {name}")
    return Button(label.format(name=name), signals.BEGIN_ROUND, str(begun.checkin.id))


def welcome() -> Message:
    return card(_("You’re welcome."))


def help_now(waiting: Sequence[Round]) -> Message:
    """Help in three lines with what is open. `waiting` is not empty."""
    first, more = waiting[0], len(waiting) - 1
    also = ngettext("One more question is open.", "{n} more questions are open.", more).format(n=more) if more else ""
    lines = (
        _("Open until {when}: **{question}**").format(
            when=moment(first.closes_at), question=esc(cut(first.question, 200))
        ),
        _("Write your answer here, and I’ll ask whether to keep it. You can also say “later” or “not this week”."),
        _("{also} To see everything, use {help}.").format(also=also, help=command("help")).strip(),
    )
    label = _("Answer") if not more else cut(_("Answer: {question}").format(question=first.question), 75)
    return Message((Text("\n".join(lines)),), actions=(Button(label, signals.ANSWER_ROUND, str(first.id)),))


def several(overviews: Sequence[Overview]) -> Message:
    parts: list[Part] = []
    for overview in overviews[:8]:
        waiting = len(overview.open_now)
        questions = (
            ngettext("One question waits for you.", "{n} questions wait for you.", waiting).format(n=waiting)
            if waiting
            else _("No question waits for you.")
        )
        parts.append(Text(f"**{esc(cut(overview.community.name, 80))}**\n{_meeting(overview)}\n{questions}"))
    menu = Select(
        _("Open one of them"),
        "home.choose",
        tuple((str(g.community.id), cut(g.community.name, 75)) for g in overviews[:25]),
    )
    return Message(tuple(parts), title=_("Your communities"), actions=(menu,))


def _meeting(overview: Overview) -> str:
    coming = overview.coming
    if coming is None:
        return _("No meeting is planned yet.")
    where = f", {esc(cut(coming.place, 60))}" if coming.place else ""
    rsvp = {YES: _("You said yes."), MAYBE: _("You said maybe."), NO: _("You said no.")}.get(overview.rsvp, "")
    coming_up = _("Next meeting: {when}{where}.").format(when=moment(coming.starts_at), where=where)
    return f"{coming_up} {rsvp}".strip()


def stranger(community: str, *, may_set_up: bool, leads: bool, any_here: bool = True, known: bool = False) -> Message:
    """Introduce the bot to someone who is not a member.

    `community` is the one of the channel, or one that knows of the person; "" for none. `known`: one does know of them.
    """
    parts: list[Part] = [
        Text(
            _(
                "I keep a community of practice learning between its meetings: I remind people when they meet, ask "
                "a short question now and then, and keep what they share so that it can be found again. I read "
                "only what people give me by a command, a button or a form."
            )
        )
    ]
    actions: list[Action] = []
    if community and leads:
        parts.append(
            Text(_("You help to run {name}, and have not joined it as a member.").format(name=f"**{esc(community)}**"))
        )
    elif community:
        parts.append(Text(_("{name} meets here.").format(name=f"**{esc(cut(community, 80))}**")))
    if community or known:
        actions.append(Button(_("Join"), signals.JOIN, style="primary"))
    elif any_here:
        parts.append(Text(_("To join a community, use {join} in its channel.").format(join=command("join"))))
    elif may_set_up:
        parts.append(Text(_("No community meets here yet. Setting one up takes about five minutes.")))
        actions.append(Button(_("Set up a community"), signals.SET_UP, style="primary"))
    else:
        parts.append(
            Text(
                _("No community meets here yet. Someone who manages this space can start one with {setup}.").format(
                    setup=command("setup", "admin")
                )
            )
        )
    parts.append(Note(_("Only you see this.")))
    return Message(tuple(parts), title=_("Hello"), actions=tuple(actions))


# Characters of help for each command, most first: the first that lets the list fit into ROOM is used.
WORDS = (80, 60, 45, 30)
# Characters of the list before `command` tokens are resolved. Each then grows by its root word, so this is well below
# what a message may hold (bot/ui/limits.py).
ROOM = 2_400


def help_for(allowed: Sequence[CommandSpec], community: str) -> Message:
    """List the commands a person may use, grouped by role, with as much help for each as there is room for."""
    title = _("What you can do in {name}").format(name=cut(community, 70)) if community else _("What you can do")
    parts = next((parts for most in WORDS if _size(parts := _groups(allowed, most)) <= ROOM), _groups(allowed, 0))
    names = [spec.name for spec in allowed]
    one = next((name for name in ("share", "join") if name in names), names[0])
    more = _("{one} says more about one of them.").format(one=command(f"help {one}"))
    rest = _("{help} lists the rest.").format(help=command("help")) if "help" not in names else ""
    parts.append(Note(" ".join(sentence for sentence in (more, rest, _("Only you see this.")) if sentence)))
    return Message(tuple(parts), title=title)


def _groups(allowed: Sequence[CommandSpec], most: int) -> list[Part]:
    headings = {"member": _("For everybody"), "facilitator": _("For facilitators"), "admin": _("For admins")}
    groups = [(heading, root, [s for s in allowed if s.root == root]) for root, heading in headings.items()]
    return [Text(f"**{heading}**\n{_listed(specs, root, most)}") for heading, root, specs in groups if specs]


def _size(parts: Sequence[Part]) -> int:
    return sum(length(part.body) for part in parts if isinstance(part, Text))


def _listed(specs: Sequence[CommandSpec], root: str, most: int) -> str:
    """List commands, one line for all that share their first word, with at most `most` characters of help each."""
    families: dict[str, list[CommandSpec]] = {}
    for spec in specs:
        families.setdefault(spec.name.split()[0], []).append(spec)
    lines = []
    for first, family in families.items():
        by_itself = next((spec for spec in family if spec.name == first or len(family) == 1), None)
        others = " · ".join(spec.name.partition(" ")[2] for spec in family if spec is not by_itself)
        about = cut(_(by_itself.help), most) if by_itself and most else ""
        if about and others:
            about = _("{about}; also {others}").format(about=about, others=others)
        lines.append(f"- {command(by_itself.name if by_itself else first, root)} {about or others}".rstrip())
    return "\n".join(lines)


def one_command(spec: CommandSpec) -> Message:
    parts: list[Part] = [Text(f"{command(spec.usage, spec.root)}\n{_(spec.help)}.")]
    if spec.example:
        parts.append(Text(_("Like this: {example}").format(example=command(spec.example, spec.root))))
    return Message(tuple(parts))


def not_for_you(spec: CommandSpec) -> Message:
    whom = {"facilitator": _("facilitators"), "admin": _("admins")}.get(spec.root, _("members"))
    return card(
        _("{name} is for {whom} of this community. {help} lists what you can do.").format(
            name=command(spec.name, spec.root), whom=whom, help=command("help")
        )
    )
