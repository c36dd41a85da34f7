"""What is wrong with a question that somebody wrote, and how to mend it."""

from collections.abc import Sequence

from bot.features.prompts.lint import MOST_WORDS, Fault
from bot.features.prompts.lint_patterns import Kind
from bot.i18n import gettext as _
from bot.ui.markup import cut

# More at once is more than anybody mends at once.
MOST_NAMED = 2


def problems(faults: Sequence[Fault]) -> str:
    """Name the faults to mend first, as plain text."""
    return "\n".join(_problem(fault) for fault in faults[:MOST_NAMED])


def _problem(fault: Fault) -> str:
    return _words(fault.kind).format(found=cut(fault.found, 150), most=MOST_WORDS)


def _words(kind: Kind) -> str:
    return {
        Kind.IDENTITY: _("“{found}” points at one young person. Ask about your own work: “What helped when…?”"),
        Kind.PERSON: _("“{found}” asks about a person. Ask what happened, or what helped."),
        Kind.TRIED: _("“{found}” is advice in disguise. Leave it open: “What have you tried so far when…?”"),
        Kind.SHOULD: _("“{found}” is advice in disguise. Leave the choice to them: “What could you change…?”"),
        Kind.LEADING: _("“{found}” is advice in disguise. Ask what they see: “What did you notice when…?”"),
        Kind.OPENING: _("“{found}” is too open to answer. Ask about one moment: “What surprised you at…?”"),
        Kind.TWICE: _("This asks two questions. Keep the better one."),
        Kind.NO_QUESTION: _("Ask one question, and end with a question mark."),
        Kind.COPY: _("This is too close to a prompt that’s already here: “{found}”"),
        Kind.JARGON: _("“{found}” is a word of the trade. Say it the way you’d say it in the hallway."),
        Kind.CHEER: _("“{found}” asks for good cheer. Leave room for a so-so answer."),
        Kind.YES_OR_NO: _("A yes or no would answer this. Start with what, how, where or when."),
        Kind.NO_MOMENT: _("Ask about a moment people can picture: your last session, this month, next week."),
        Kind.TOO_LONG: _("This is {found} words. Keep to {most}, so that it reads well on a phone."),
    }[kind]
