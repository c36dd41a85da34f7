"""Messages about the organizations that members belong to."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.i18n import gettext as _
from bot.ui import Button, Message, Note, Part, Select, Text, card
from bot.ui.markup import command, cut, esc

SHOWN = 20


@dataclass(frozen=True)
class Listed:
    """A member in the overview. `ref` names them and their organization in a menu."""

    ref: str
    name: str
    organization: str


def question(name: str, organization: str, community: str, ref: str) -> Message:
    return Message(
        title=_("Is this a colleague?"),
        parts=(
            Text(
                _("{name} says they’re with {organization}, in {community}. Is that right?").format(
                    name=name, organization=_bold(organization), community=esc(cut(community, 80))
                )
            ),
            Note(
                _(
                    "Once confirmed, they can read what people at {organization} share with colleagues, and share with "
                    "them. They’ll see that you answered."
                ).format(organization=esc(cut(organization, 60)))
            ),
        ),
        actions=(
            Button(_("Confirm"), "members.confirm_organization", ref, "primary"),
            Button(_("Not ours"), "members.refuse_organization", ref),
        ),
    )


def answered(name: str, organization: str, confirmed: bool, by: str) -> Message:
    text = (
        _("{by} confirmed that {name} is with {organization}.")
        if confirmed
        else _("{by} said that {name} isn’t with {organization}.")
    )
    return card(text.format(by=by, name=name, organization=_bold(organization)), replace=True)


def you_are_confirmed(by: str, organization: str, community: str) -> Message:
    return card(
        _(
            "{by} confirmed that you’re with {organization}, in {community}. You can now read what your colleagues "
            "share, with {takeaways}, and share with them."
        ).format(
            by=by,
            organization=_bold(organization),
            community=esc(cut(community, 80)),
            takeaways=command("my takeaways"),
        )
    )


def you_are_refused(by: str, organization: str, community: str) -> Message:
    return card(
        _(
            "{by} said that you aren’t with {organization}, in {community}, so I took it out of your settings. If "
            "that’s a mistake, talk to them, then set it again with {settings}."
        ).format(
            by=by,
            organization=_bold(organization),
            community=esc(cut(community, 80)),
            settings=command("settings"),
        )
    )


def changed_since() -> str:
    return _("They’ve left or changed their organization since. Nothing has changed.")


def not_yourself() -> str:
    return _("Someone else has to confirm this. A colleague or another facilitator can.")


def not_for_you() -> str:
    return _("Only facilitators and confirmed colleagues can answer that. Nothing has changed.")


def overview(waiting: Sequence[Listed], confirmed: Sequence[Listed]) -> Message:
    """List the members who typed an organization. Menus confirm one, or end a confirmation."""
    parts: list[Part] = []
    if waiting:
        parts.append(Text(_("Not confirmed yet:\n{listed}").format(listed=_lines(waiting))))
    if confirmed:
        parts.append(Text(_("Confirmed:\n{listed}").format(listed=_lines(confirmed))))
    if not parts:
        parts.append(
            Text(_("No one else has added an organization with {settings}.").format(settings=command("settings")))
        )
    parts.append(
        Note(
            _(
                "Until someone confirms it, an organization opens nothing. Confirmed colleagues can read what people "
                "at their organization share."
            )
        )
    )
    actions: list[Select] = []
    if waiting:
        actions.append(Select(_("Confirm"), "members.confirm_organization", _choices(waiting)))
        actions.append(Select(_("Not right"), "members.refuse_organization", _choices(waiting), "waiting"))
    if confirmed:
        actions.append(Select(_("End a confirmation"), "members.refuse_organization", _choices(confirmed), "confirmed"))
    return Message(tuple(parts), title=_("Organizations"), actions=tuple(actions))


def _lines(rows: Sequence[Listed]) -> str:
    shown = [f"- {esc(cut(row.name, 40))}: {esc(cut(row.organization, 60))}" for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        shown.append(_("- and {n} more").format(n=len(rows) - SHOWN))
    return "\n".join(shown)


def _choices(rows: Sequence[Listed]) -> tuple[tuple[str, str], ...]:
    return tuple((row.ref, cut(f"{row.name}: {row.organization}", 75)) for row in rows[:25])


def _bold(organization: str) -> str:
    return f"**{esc(cut(organization, 60))}**"
