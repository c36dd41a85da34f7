"""The kinds of meeting there are: what each is prepared with, what is asked before it, and what after it.

One table. Whatever a kind brings is here, and features read it; none of them asks which kind it has before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.i18n import gettext as _
from bot.ui import MAX_CHOICE, Select
from bot.ui.markup import cut

CALL = "call"  # what a meeting is unless somebody says otherwise

# What the after-meeting form may ask, besides the questions of `follow_up_questions`.
WORKED, CHANGE, USEFUL, COMMITMENT, HOME = "worked", "change", "useful", "commitment", "home"
USUAL = (WORKED, CHANGE, USEFUL, COMMITMENT, HOME)


@dataclass(frozen=True)
class PreparationField:
    """Something facilitators write down before such a meeting, which its card then shows."""

    name: str
    label: str  # at most 45 characters
    hint: str  # at most 100


@dataclass(frozen=True)
class MeetingType:
    label: str
    what: str  # one sentence for who chooses
    prepares: tuple[PreparationField, ...] = ()  # at most five: one form
    asks: str = ""  # the check-in before it; "" asks as before any meeting
    after: tuple[str, ...] = USUAL  # at most five, of USUAL and follow_up_questions()
    together: bool = False  # may be held with other communities of the program
    tasks: bool = False  # has tasks that somebody takes on


def meeting_types() -> Mapping[str, MeetingType]:
    """By name, in the order they are offered."""
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
            together=True,
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
            together=True,
        ),
    }


def meeting_type(name: str) -> MeetingType:
    """What a kind brings; that of the usual one for a name that is no longer in the table."""
    return meeting_types().get(name, meeting_types()[CALL])


def follow_up_questions() -> Mapping[str, str]:
    """The questions that only some kinds ask afterwards, in at most 45 characters; facilitators read the answers."""
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
    """A choice of kind: for a meeting by its number, or for a series by "s" and its number."""
    choices = tuple((name, cut(f"{each.label}: {each.what}", MAX_CHOICE)) for name, each in meeting_types().items())
    label = _("What kind of meetings are they?") if value.startswith("s") else _("What kind of meeting is it?")
    return Select(label, "kinds.choose", choices, value=value)
