"""Messages about a change of role, and about handing over earlier answers."""

from bot.core.appointments import ADMIN, FACILITATOR, LOST
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Message, Note, Part, Text, card
from bot.ui.markup import command, cut, esc, mention
from storage.people import people
from storage.people.people import Person


def _person(who: Person) -> str:
    return mention(people.key(who), who.name)


def _name(community: str) -> str:
    return f"**{esc(cut(community, 80))}**"


def _change(community: str, who: Person, what: str, by: Person | None) -> Text:
    if by is None:
        said = {
            FACILITATOR: _("{who} is a facilitator of {name} now, by a role on this platform."),
            ADMIN: _("{who} is an admin of {name} now, by a role on this platform."),
            LOST[FACILITATOR]: _("{who} no longer has the role on this platform that made them facilitator of {name}."),
            LOST[ADMIN]: _("{who} no longer has the role on this platform that made them admin of {name}."),
        }.get(what, _("{who} has no role in {name} anymore."))
        return Text(said.format(who=_person(who), name=_name(community)))
    said = {
        FACILITATOR: _("{by} made {who} a facilitator of {name}."),
        ADMIN: _("{by} made {who} an admin of {name}."),
    }.get(what, _("{by} took the role of {who} in {name} away."))
    return Text(said.format(by=_person(by), who=_person(who), name=_name(community)))


def _meaning(what: str) -> list[Part]:
    """Say what the role lets somebody read."""
    if what == FACILITATOR:
        return [
            Note(
                _(
                    "They can read answers to the facilitators from now on. Earlier ones stay with those who "
                    "facilitated then."
                )
            )
        ]
    if what == LOST[FACILITATOR]:
        return [Note(_("They can’t read answers to the facilitators anymore."))]
    return [Note(_("Admins can’t read answers to the facilitators."))] if what == ADMIN else []


def changed(community: str, who: Person, what: str, by: Person | None) -> Message:
    return Message((_change(community, who, what, by), *_meaning(what)), title=_("Roles"))


def changed_privately(community: str, who: Person, what: str, by: Person | None) -> Message:
    """The same for a facilitator, who can hand over what they read."""
    parts: list[Part] = [_change(community, who, what, by), *_meaning(what)]
    if what == FACILITATOR:
        parts.append(
            Note(
                _("To let them read earlier ones, use {handover}.").format(handover=command("handover", "facilitator"))
            )
        )
    return Message(tuple(parts), title=_("Roles"))


def your_role(community: str, what: str, by: Person | None) -> Message:
    """Tell somebody what they are now."""
    if by:
        said = {
            FACILITATOR: _("{by} named you a facilitator of {name}."),
            ADMIN: _("{by} named you an admin of {name}."),
        }.get(what, _("{by} took your role in {name} away."))
        text = said.format(by=_person(by), name=_name(community))
    else:
        said = {
            FACILITATOR: _("You’re a facilitator of {name} now."),
            ADMIN: _("You’re an admin of {name} now."),
            LOST[FACILITATOR]: _("You no longer have the role on this platform that made you facilitator of {name}."),
            LOST[ADMIN]: _("You no longer have the role on this platform that made you admin of {name}."),
        }.get(what, _("You have no role in {name} anymore."))
        text = said.format(name=_name(community))
    parts: list[Part] = [Text(text)]
    if what == FACILITATOR:
        note = _("You can read answers to the facilitators from now on. To see what you can do, use {help}.")
        parts.append(Note(note.format(help=command("help", "facilitator"))))
    if what == ADMIN:
        note = _("Admins can’t read answers to the facilitators. To see what you can do, use {help}.")
        parts.append(Note(note.format(help=command("help", "admin"))))
    return Message(tuple(parts), title=_("Roles"))


def group_changed(community: str, group: str, platform: str, what: str, by: Person) -> Message:
    said = {
        FACILITATOR: _("{by} made everyone with the role {role} on {platform} a facilitator of {name}."),
        ADMIN: _("{by} made everyone with the role {role} on {platform} an admin of {name}."),
    }.get(what, _("{by} took away what the role {role} on {platform} gave in {name}."))
    text = said.format(
        by=_person(by), role=f"`{group.replace('`', '')}`", platform=esc(platform.title()), name=_name(community)
    )
    return Message((Text(text), *_meaning(what)), title=_("Roles"))


# --- handing over


def who_is_meant(typed: str) -> str:
    return _("I didn’t understand “{typed}”. Pick a facilitator with @, like this: {right}.").format(
        typed=esc(cut(typed, 60)), right=command("handover @Ben", "facilitator")
    )


def only_facilitators() -> str:
    return _("Only someone who facilitates here can hand over what they can read.")


def not_a_facilitator() -> str:
    return _("They don’t facilitate here, so I can’t hand anything over to them.")


def nothing_to_hand_over(who: Person) -> Message:
    return card(_("{person} can read everything that you can read.").format(person=_person(who)))


def confirm(who: Person, answers: int) -> Message:
    return Message(
        (
            Text(
                ngettext(
                    "Let {person} read what was given to the facilitators in your time? That’s {n} answer.",
                    "Let {person} read what was given to the facilitators in your time? That’s {n} answers.",
                    answers,
                ).format(person=_person(who), n=answers)
            ),
            Note(
                _(
                    "Members wrote these to those who facilitated then. I’ll tell the channel that you handed them "
                    "over. You can’t undo this."
                )
            ),
        ),
        actions=(
            Button(_("Hand over"), "admin.hand_over", str(people.key(who)), "danger"),
            Button(_("Keep them"), "admin.hand_over_not"),
        ),
    )


def kept() -> Message:
    return card(_("OK, nothing was handed over."), replace=True)


def handed_over(who: Person) -> Message:
    return card(_("Handed over. {person} can read them now.").format(person=_person(who)), replace=True)


def told_of_handover(community: str, giver: Person, who: Person) -> Message:
    return card(
        _("{giver} let {who} read earlier answers to the facilitators of {name}.").format(
            giver=_person(giver), who=_person(who), name=_name(community)
        ),
        title=_("Roles"),
    )
