"""Meeting types: what facilitators prepare for each, and what members are asked before and after it.

One table has everything that depends on a meeting's type. Features read it, and never compare the type's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n import gettext as _
from bot.ui import MAX_CHOICE, Select
from bot.ui.markup import cut

# The default type.
CALL = "call"

# What the after-meeting form can ask, besides the questions of `follow_up_questions`.
WORKED, CHANGE, USEFUL, COMMITMENT, HOME = "worked", "change", "useful", "commitment", "home"
DEFAULT_QUESTIONS = (WORKED, CHANGE, USEFUL, COMMITMENT, HOME)


@dataclass(frozen=True)
class PreparationField:
    """Something that facilitators fill in before a meeting of a type, and that its card then shows."""

    name: str
    label: str  # at most 45 characters
    hint: str  # at most 100 characters


@dataclass(frozen=True)
class MeetingType:
    """A type of meeting. `what` describes it in one sentence to the person who chooses.

    `prepares` are the fields of one form, so at most five. `asks` is the question of the check-in before it; "" asks
    what is asked before any meeting. `after` names what the after-meeting form asks: at most five, of
    DEFAULT_QUESTIONS and `follow_up_questions`. `joint` means that it can be a joint meeting of several communities,
    and `tasks` that it has tasks that people take on.
    """

    label: str
    what: str
    prepares: tuple[PreparationField, ...] = ()
    asks: str = ""
    after: tuple[str, ...] = DEFAULT_QUESTIONS
    joint: bool = False
    tasks: bool = False


def meeting_types() -> Mapping[str, MeetingType]:
    """Return all types by name, in the order in which they are offered."""
    venue = PreparationField("venue", _("Where exactly, and how to get there?"), _("Address, door, parking, access."))
    bring = PreparationField("bring", _("What to prepare or bring?"), _("One thing to a line; the card shows it."))
    program = PreparationField("program", _("What happens when?"), _("A rough order is enough."))
    return {
        CALL: MeetingType(_("Monthly call"), _("The usual one.")),
        "gathering": MeetingType(
            _("Quarterly gathering"),
            _("Longer and less often; it shows where it is and what happens when."),
            prepares=(venue, program),
            asks=_("What has changed in your work since the last season that this gathering should know about?"),
        ),
        "deep-dive": MeetingType(
            _("In-person deep-dive"),
            _("Half a day together; it shows the venue and what to prepare."),
            prepares=(venue, bring, program),
            asks=_("What would make this half day in person worth the way for you?"),
        ),
        "visit": MeetingType(
            _("Site visit"),
            _("A look-for question before, and three questions after."),
            prepares=(
                PreparationField(
                    "look_for", _("What should everyone look for?"), _("One question; the card shows it.")
                ),
                venue,
                bring,
            ),
            asks=_("What will you look for when we visit, and why does it matter where you work?"),
            after=("saw", "so_what", "now_what", USEFUL, HOME),
        ),
        "joint": MeetingType(
            _("Joint event"),
            _("Across communities, with tasks that people take on, and an after-action review."),
            prepares=(
                PreparationField(
                    "intended", _("What is it meant to achieve?"), _("The review afterwards asks about it.")
                ),
                venue,
                program,
            ),
            after=("intended", "happened", "why", "next_time", HOME),
            joint=True,
            tasks=True,
        ),
        "orientation": MeetingType(
            _("Orientation"),
            _("For those who are new; it shows what to read first."),
            prepares=(
                PreparationField(
                    "read_first", _("What to read or watch first?"), _("Links and titles, one to a line.")
                ),
                program,
            ),
            asks=_("What do you hope to find in this community, and what could you bring to it?"),
            after=(WORKED, "unclear", USEFUL, COMMITMENT, HOME),
        ),
        "kick-off": MeetingType(
            _("Kick-off"),
            _("Shared by all communities of the program."),
            prepares=(program, bring),
            asks=_("What would have to happen this season for you to call it a good one?"),
            joint=True,
        ),
    }


def meeting_type(name: str) -> MeetingType:
    """Return the type of that name, or the default one if the table no longer has it."""
    return meeting_types().get(name, meeting_types()[CALL])


def follow_up_questions() -> Mapping[str, str]:
    """Return the questions that only some types ask afterwards, by name. Facilitators read the answers.

    A question has at most 45 characters, as a form's label.
    """
    return {
        "saw": _("What did you see?"),
        "so_what": _("So what does it mean for our work?"),
        "now_what": _("Now what will we do with it?"),
        "intended": _("What was meant to happen?"),
        "happened": _("What did happen?"),
        "why": _("Why was that?"),
        "next_time": _("What do we do next time?"),
        "unclear": _("What is still unclear?"),
    }


def menu(value: str) -> Select:
    """Return a menu of types. `value` is a meeting's id, or "s" and a series' id."""
    choices = tuple((name, cut(f"{each.label}: {each.what}", MAX_CHOICE)) for name, each in meeting_types().items())
    label = _("What kind of meetings are they?") if value.startswith("s") else _("What kind of meeting is it?")
    return Select(label, "kinds.choose", choices, value=value)
