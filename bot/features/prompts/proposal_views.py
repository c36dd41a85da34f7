"""Messages and forms for prompts that members propose, and the votes for them."""

from collections.abc import Collection, Mapping, Sequence

from bot.core import signals
from bot.features.prompts.own_views import LINE, SHOWN, placing_fields, text_fields
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, ChoiceField, Form, Message, Note, Part, Select, Text, TextField, card
from bot.ui.markup import command, cut, esc
from storage.learning.community_prompts import CommunityPrompt

YES, NO = "yes", "no"
Counted = Sequence[tuple[CommunityPrompt, int]]


def form(given: Mapping[str, str], value: str = "") -> Form:
    """Ask for a prompt. `value` is the one to change, "" for a new one."""
    return Form(
        "prompts.propose",
        _("Propose a prompt"),
        text_fields(given),
        value=value,
        submit=_("Propose it"),
        intro=_("Everyone here can read it and vote, without your name. Facilitators decide."),
    )


def refused(problem: str) -> str:
    return (
        esc(problem)
        + "\n\n"
        + _("Nothing was saved. To try again, use {propose}.").format(propose=command("reflect propose"))
    )


def many_wait(most: int) -> str:
    return ngettext(
        "You’ve proposed {n} prompt that still waits for a decision. You can take it back with {data}.",
        "You’ve proposed {n} prompts that still wait for a decision. You can take one back with {data}.",
        most,
    ).format(n=most, data=command("data show"))


def settled() -> str:
    return _("Someone has already decided on that prompt, or taken it back. To see what’s open, use {vote}.").format(
        vote=command("vote prompts")
    )


def proposed(row: CommunityPrompt) -> Message:
    return Message(
        (
            Text(_("Proposed: “{text}”").format(text=esc(row.text))),
            Note(
                _(
                    "It’s on its way to the channel, without your name, and has your vote. A facilitator decides, and "
                    "I’ll tell you."
                )
            ),
        ),
        actions=(_open_own(row),),
    )


def changed(row: CommunityPrompt) -> Message:
    return Message(
        (
            Text(_("Changed: “{text}”").format(text=esc(row.text))),
            Note(_("If you changed the question, its votes start again.")),
        ),
        actions=(_open_own(row),),
    )


def _open_own(row: CommunityPrompt) -> Button:
    return Button(_("Change or take back"), signals.OPEN_WRITTEN, f"prompts.proposal/{row.id}")


def votes_of(n: int) -> str:
    return ngettext("{n} vote", "{n} votes", n).format(n=n)


def card_of(row: CommunityPrompt, votes: int) -> Message:
    """The card in the channel."""
    parts: list[Part] = [Text(f"**{esc(row.text)}**")]
    if row.approved_at:
        parts.append(Note(_("It’s one of our prompts now. I’ll ask it when its turn comes.")))
        return Message(tuple(parts), title=_("A prompt from one of you"))
    note = _("{votes}. No one sees who proposed it or who voted. Facilitators decide.")
    return Message(
        (*parts, Note(note.format(votes=votes_of(votes)))),
        title=_("A member proposed a prompt"),
        actions=(Button(_("Vote for it"), "prompts.vote", str(row.id)),),
    )


def closed() -> Message:
    """What replaces the card, and what facilitators were told, once the proposal is gone."""
    return card(_("This proposal is closed."))


def for_facilitators(row: CommunityPrompt, votes: int, community: str) -> Message:
    parts: list[Part] = [
        Text(_("A member of {community} proposed a prompt:").format(community=esc(community))),
        Text(f"**{esc(row.text)}**"),
    ]
    if row.approved_at:
        return Message((*parts, Note(_("It’s approved."))))
    parts.append(Note(_("{votes} so far. Take your time: others can still vote.").format(votes=votes_of(votes))))
    return Message(tuple(parts), actions=(Button(_("Decide"), "prompts.decide", str(row.id)),))


# --- voting


def ballot(rows: Counted, mine: Collection[int]) -> Message:
    """List proposals for a member, who voted for `mine`."""
    propose = Button(_("Propose one"), "prompts.propose")
    if not rows:
        return card(_("No proposals are open for a vote."), title=_("Proposed prompts"), actions=(propose,))
    parts: list[Part] = [*_lines(rows, mine), Note(_("Only you see this list. No one sees who voted."))]
    actions: list[Button | Select] = [propose]
    if choices := tuple((str(row.id), cut(row.text, 70)) for row, _n in rows[:25] if row.id not in mine):
        actions.append(Select(_("Vote for one"), "prompts.vote", choices))
    return Message(tuple(parts), title=_("Proposed prompts"), actions=tuple(actions))


def _lines(rows: Counted, mine: Collection[int] = ()) -> list[Part]:
    parts: list[Part] = []
    for number, (row, n) in enumerate(rows[:SHOWN], 1):
        own = _("{votes}, with yours").format(votes=votes_of(n)) if row.id in mine else votes_of(n)
        parts.append(Text(f"**{number}.** {esc(cut(row.text, LINE))} ({own})"))
    if (more := len(rows) - SHOWN) > 0:
        parts.append(Text(ngettext("and {n} more", "and {n} more", more).format(n=more)))
    return parts


def voted(row: CommunityPrompt, *, again: bool) -> Message:
    text = _("You’ve already voted for this one: “{text}”") if again else _("Your vote counts: “{text}”")
    return Message(
        (Text(text.format(text=esc(cut(row.text, 300)))), Note(_("No one sees who voted."))),
        actions=(Button(_("Take the vote back"), "prompts.take_vote_back", str(row.id)),),
    )


def vote_taken_back(row: CommunityPrompt) -> Message:
    return card(_("Your vote is gone: “{text}”").format(text=esc(cut(row.text, 300))))


# --- deciding


def waiting(rows: Counted) -> Message:
    """List proposals for facilitators."""
    if not rows:
        return card(_("No proposals wait for a decision."), title=_("Proposed prompts"))
    choices = tuple((str(row.id), cut(row.text, 70)) for row, _n in rows[:25])
    return Message(
        tuple(_lines(rows)),
        title=_("Proposed prompts"),
        actions=(Select(_("Decide on one"), "prompts.decide", choices),),
    )


def decision_form(row: CommunityPrompt, given: Mapping[str, str]) -> Form:
    return Form(
        "prompts.decide",
        _("Decide on a prompt"),
        (
            ChoiceField(
                "decision",
                _("Ask it here?"),
                ((YES, _("Yes, when its turn comes")), (NO, _("No, or not now"))),
                initial=given.get("decision", ""),
                is_open=True,
                above=esc(cut(row.text, 300)),
            ),
            *placing_fields(given),
            TextField(
                "reason",
                _("A word to who proposed it"),
                required=False,
                initial=given.get("reason", "")[:300],
                max_length=300,
                hint=_("I’ll send it with your decision, without your name."),
            ),
        ),
        value=str(row.id),
        submit=_("Decide"),
    )


def undecided() -> str:
    return _("Choose yes or no.")


def approved(row: CommunityPrompt) -> Message:
    text = _("Approved: “{text}” I’ll ask it when its turn comes, and I’ve told who proposed it.")
    return card(text.format(text=esc(cut(row.text, 300))))


def declined(text: str) -> Message:
    return card(
        _("Closed: “{text}” I’ve told who proposed it. The channel isn’t told why.").format(text=esc(cut(text, 300)))
    )


def told_decision(text: str, reason: str, *, is_approved: bool) -> Message:
    """Tell who proposed a prompt. `reason` are the facilitator's words, "" for none."""
    said = (
        _("Your prompt was approved: “{text}” I’ll ask it when its turn comes.")
        if is_approved
        else _("Your community won’t be asked your prompt for now: “{text}” Thanks for proposing it.")
    )
    parts: list[Part] = [Text(said.format(text=esc(text)))]
    if reason:
        parts.append(Note(_("A facilitator wrote: {reason}").format(reason=esc(reason))))
    return Message(tuple(parts))
