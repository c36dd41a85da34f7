"""Messages and the form about programs."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.signals import PROGRAM_REPORT
from bot.i18n import gettext as _
from bot.ui import Action, Button, Form, Message, Note, Part, PeopleField, Select, Text, card
from bot.ui.markup import command, cut, esc, mention

LISTED = 15


@dataclass(frozen=True)
class SeenProgram:
    """A program as a card shows it. `conveners` are (person, name); the others are names of communities."""

    id: str
    name: str
    conveners: tuple[tuple[int, str], ...]
    joined: tuple[str, ...]
    invited: tuple[str, ...]


def _bold(name: str) -> str:
    return f"**{esc(cut(name, 60))}**"


def _names(names: Sequence[str]) -> str:
    shown = [esc(cut(name, 60)) for name in names[:LISTED]]
    if len(names) > LISTED:
        shown.append(_("{n} more").format(n=len(names) - LISTED))
    return ", ".join(shown)


def _described(seen: SeenProgram) -> list[Part]:
    conveners = ", ".join(mention(id, name) for id, name in seen.conveners[:10]) or _("no one at the moment")
    lines = [
        _("- Conveners: {names}").format(names=conveners),
        _("- Communities: {names}").format(names=_names(seen.joined) or _("none yet")),
    ]
    if seen.invited:
        lines.append(_("- Invited: {names}").format(names=_names(seen.invited)))
    return [Text("\n".join((_bold(seen.name), *lines)))]


def overview(
    own: SeenProgram | None,
    *,
    leads: bool,
    invitations: Sequence[SeenProgram],
    convened: Sequence[SeenProgram],
    community: str,
) -> Message:
    """Show the community's program, invitations to it, and the programs that the reader convenes."""
    parts: list[Part] = []
    actions: list[Action] = []
    if own:
        parts += _described(own)
        parts.append(Note(what_it_means()))
    else:
        parts.append(Text(_("{community} doesn’t belong to a program.").format(community=_bold(community))))
    for seen in invitations[:1]:
        parts.append(Text(_("There’s an invitation to this one:")))
        parts += _described(seen)
        actions += _answers(seen.id)
    for seen in [c for c in convened if own is None or c.id != own.id][:2]:
        parts.append(Text(_("You convene:")))
        parts += _described(seen)
    mine = next((c for c in convened if own and c.id == own.id), convened[0] if convened else None)
    if mine:
        actions += _conveners_buttons(mine.id)
    if own and leads and not own.conveners:
        parts.append(Note(_("It has no convener now. A facilitator of one of its communities can convene it.")))
        actions.append(Button(_("Convene it"), "programs.take_on", own.id, "primary"))
    if own and leads:
        actions.append(Button(_("Leave the program"), "programs.leave", own.id))
    if not own and not convened and not invitations:
        line = command("program create Riverside", "admin")
        parts.append(Note(_("An admin can start one with {line}.").format(line=line)))
    return Message(tuple(parts), title=_("Program"), actions=tuple(actions[:6]))


def what_it_means() -> str:
    return _(
        "Members choose for each resource whether the whole program can see it. Nothing else is shared with the other "
        "communities, except takeaways with colleagues at the same organization. Conveners can make a report for "
        "sponsors: sums over all communities, with no names and no answers."
    )


def _answers(program: str) -> list[Button]:
    return [
        Button(_("Join the program"), "programs.accept", program, "primary"),
        Button(_("Decline"), "programs.decline", program),
    ]


def _conveners_buttons(program: str) -> list[Button]:
    return [
        Button(_("Invite a community"), "programs.invite", program),
        Button(_("Remove a community"), "programs.remove", program),
        Button(_("Add a convener"), "programs.convener", program),
        Button(_("Report for sponsors"), PROGRAM_REPORT, program),
        Button(_("Step down"), "programs.step_down", program),
    ]


def created(program: str, name: str, community: str, *, joined: bool) -> Message:
    text = (
        _("You’ve started {name}, and {community} is part of it. You’re its convener.")
        if joined
        else _(
            "You’ve started {name}, and you’re its convener. {community} joins once one of its facilitators says yes: "
            "I’ve asked them."
        )
    )
    return Message(
        (
            Text(text.format(name=_bold(name), community=_bold(community))),
            Note(_("A community you invite joins once one of its facilitators accepts.")),
        ),
        actions=tuple(_conveners_buttons(program)[:3]),
    )


def invitation(program: str, name: str, community: str) -> Message:
    return Message(
        (
            Text(
                _("{community} is invited to join the program {name}.").format(
                    community=_bold(community), name=_bold(name)
                )
            ),
            Note(what_it_means()),
            Note(_("To see who convenes it and who belongs to it, use {program}.").format(program=command("program"))),
        ),
        title=_("An invitation"),
        actions=tuple(_answers(program)),
    )


def invited(name: str, community: str) -> Message:
    return card(
        _("I’ve asked the facilitators of {community}. It joins {name} once one of them accepts.").format(
            community=_bold(community), name=_bold(name)
        ),
        replace=True,
    )


def accepted(name: str, community: str) -> Message:
    return card(
        _("{community} now belongs to {name}. You can leave with {program}.").format(
            community=_bold(community), name=_bold(name), program=command("program")
        ),
        replace=True,
    )


def declined(name: str) -> Message:
    return card(_("Declined. The conveners of {name} are told.").format(name=_bold(name)), replace=True)


def has_joined(name: str, community: str) -> Message:
    return card(_("{community} has joined {name}.").format(community=_bold(community), name=_bold(name)))


def has_left(name: str, community: str) -> Message:
    return card(
        _("{community} doesn’t belong to {name}: its facilitators said no, or took it out.").format(
            community=_bold(community), name=_bold(name)
        )
    )


def joined_here(name: str, others: Sequence[str]) -> Message:
    parts = [Text(_("This community is now part of the program {name}.").format(name=_bold(name)))]
    if others:
        parts.append(Text(_("With it: {names}.").format(names=_names(others))))
    return Message((*parts, Note(what_it_means())))


def left_here(name: str) -> Message:
    return card(
        _(
            "This community is no longer part of the program {name}. What members shared with the program can now be "
            "seen here only."
        ).format(name=_bold(name))
    )


def ended_by_convener(name: str, community: str) -> Message:
    return card(
        _("A convener took {community} out of the program {name}, or took the invitation back.").format(
            community=_bold(community), name=_bold(name)
        )
    )


def confirm_leaving(program: str, name: str, community: str) -> Message:
    return Message(
        (
            Text(_("Take {community} out of {name}?").format(community=_bold(community), name=_bold(name))),
            Text(
                _(
                    "What members shared with the program can then be seen here only. Joint meetings to come stay, as "
                    "meetings of each community’s own. The conveners and this channel are told."
                )
            ),
        ),
        actions=(
            Button(_("Leave the program"), "programs.leave_now", program, "danger"),
            Button(_("Stay in the program"), "programs.stay"),
        ),
    )


def left(name: str, community: str) -> Message:
    return card(_("{community} has left {name}.").format(community=_bold(community), name=_bold(name)), replace=True)


def stayed() -> Message:
    return card(_("Nothing has changed."), replace=True)


def choose_community(program: str, choices: Sequence[tuple[str, str]]) -> Message:
    if not choices:
        return card(
            _(
                "I don’t know a community you could invite: one where you have an account, and that isn’t in a program "
                "yet. Someone with an account there can be a convener too."
            )
        )
    menu = Select(_("Invite"), "programs.invite_one", tuple((v, cut(n, 75)) for v, n in choices[:25]), program)
    return Message((Text(_("Which community would you like to invite?")),), actions=(menu,))


def choose_to_remove(program: str, choices: Sequence[tuple[str, str]]) -> Message:
    menu = Select(_("Remove"), "programs.remove_one", tuple((v, cut(n, 75)) for v, n in choices[:25]), program)
    return Message(
        (
            Text(_("Which community is no longer part of the program? This happens as soon as you choose one.")),
            Note(_("Its facilitators and its channel are told. You can invite it again.")),
        ),
        actions=(menu,),
    )


def removed(name: str, community: str) -> Message:
    return card(
        _("{community} is no longer part of {name}.").format(community=_bold(community), name=_bold(name)),
        replace=True,
    )


def convener_form(program: str) -> Form:
    return Form(
        "programs.convener",
        _("Add a convener"),
        (
            PeopleField(
                "who", _("Who convenes it too?"), hint=_("They can invite and remove communities."), max_people=5
            ),
        ),
        program,
        submit=_("Add"),
    )


def nobody_chosen() -> str:
    return _("Choose at least one person.")


def convener_added(name: str, added: Sequence[tuple[int, str]]) -> Message:
    names = ", ".join(mention(id, who) for id, who in added)
    return card(_("Conveners of {name} too now: {names}. I’ve told them.").format(name=_bold(name), names=names))


def you_convene(program: str, name: str) -> Message:
    return Message(
        (Text(_("You’re now a convener of the program {name}.").format(name=_bold(name))),),
        actions=tuple(_conveners_buttons(program)),
    )


def taken_on(program: str, name: str) -> Message:
    return Message(
        (Text(_("You now convene {name}. I’ve told those who facilitate its communities.").format(name=_bold(name))),),
        actions=tuple(_conveners_buttons(program)),
        replace=True,
    )


def has_taken_on(name: str, person: int, who: str) -> Message:
    return card(
        _("The program {name} no longer had a convener. {person} convenes it now.").format(
            name=_bold(name), person=mention(person, who)
        )
    )


def has_convener(name: str) -> str:
    return _("{name} convenes it already. Please ask them to add you as a convener.").format(name=esc(name))


def stepped_down(name: str) -> Message:
    return card(_("You no longer convene {name}.").format(name=_bold(name)), replace=True)


def last_convener() -> str:
    return _("You’re the only convener. Add another one first, or remove its communities to end the program.")


def not_a_convener() -> str:
    return _("Only conveners of that program can do this. Nothing has changed.")


def cannot_invite() -> str:
    return _("That community can’t be invited: it’s in a program by now. Nothing has changed.")


def no_invitation() -> str:
    return _("That invitation has ended. Nothing has changed.")


def in_another(name: str) -> str:
    return _("This community belongs to {name}. It can belong to one program only: leave that one first.").format(
        name=_bold(name)
    )


def not_in_it() -> str:
    return _("That community isn’t in the program anymore. Nothing has changed.")


def too_long(size: int, most: int) -> str:
    return _("Up to {most} characters. This name is {size}.").format(most=most, size=size)
