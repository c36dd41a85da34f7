"""Messages about an export."""

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Attachment, Message, Note, Text
from bot.ui.markup import esc


def on_its_way(entries: int, *, facilitates: bool, reads: bool) -> Message:
    """Confirm an export. `reads`: the person may read what members share, which managing the space does not allow."""
    inside = _(
        "It holds members, meetings with their topics, notes and tasks and how many were there, resources, and "
        "questions with the answers that everybody may read."
    )
    more = (
        _("As you facilitate, answers meant for facilitators and who was at which meeting are in it too.")
        if facilitates
        else _("Answers meant for facilitators are not in it.")
    )
    if not reads:
        inside = _("It holds members and meetings.")
        more = _("As you have no part in the community itself, what its members shared and answered is not in it.")
    never = _("What somebody wrote for themselves alone is never in it. That you asked is written down.")
    return Message(
        parts=(
            Text(
                ngettext(
                    "I am sending you a file with one entry, privately.",
                    "I am sending you a file with {n} entries, privately.",
                    entries,
                ).format(n=entries)
            ),
            Note(f"{inside} {more} {never}"),
        )
    )


def answers_on_their_way(responses: int, *, facilitates: bool, has_unsigned: bool) -> Message:
    """Confirm an export of answers as tables."""
    text = ngettext(
        "I’m sending you three files, privately: each answer in a row, one response with a column for each question, "
        "and what the columns mean.",
        "I’m sending you three files, privately: each answer in a row, {n} responses with a column for each question, "
        "and what the columns mean.",
        responses,
    ).format(n=responses)
    more = (
        _("Answers for facilitators are in them too, because you facilitate.")
        if facilitates
        else _("Answers for facilitators aren’t in them.")
    )
    unsigned = _("Answers to anonymous check-ins are only in the first, without a person, a time, or an order.")
    never = _("Answers for only their writer are never in them, and I’ve noted in the audit log that you asked.")
    return Message((Text(text), Note(" ".join([more, *([unsigned] if has_unsigned else []), never]))))


def reads_no_answers() -> str:
    return _(
        "Managing the workspace or server isn’t reading answers, so I have none for you. A facilitator or admin of "
        "the community can export them."
    )


def file(community: str, attachment: Attachment) -> Message:
    return Message(
        parts=(
            Text(_("The records of **{name}**, as you asked.").format(name=esc(community))),
            Note(_("It names people: keep it where only those who may read it can.")),
        ),
        attachment=attachment,
    )
