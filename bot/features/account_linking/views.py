"""Messages about linking accounts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Facts, Message, Note, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.people.account_links import UNDOABLE
from storage.people.link_codes import LinkRequest


@dataclass(frozen=True)
class ShownAccount:
    """An account as people recognize it. `space` is the name of its workspace or server, "" if unknown."""

    name: str
    platform: str
    space: str


def code(code: str, until: datetime) -> Message:
    return Message(
        parts=(
            Text(
                _("On the other platform, type {line}. It works once, until {until}.").format(
                    line=command(f"link {code}"), until=moment(until, "time")
                )
            ),
            Note(
                _(
                    "Then I’ll ask both accounts. Once both say yes, they’re one person: the same communities, "
                    "answers, and settings."
                )
            ),
        )
    )


def _listed(accounts: Sequence[ShownAccount]) -> str:
    shown = [
        _("{name} on {platform} ({space})").format(
            name=esc(cut(a.name, 60)) or _("no name"), platform=esc(a.platform.title()), space=esc(cut(a.space, 40))
        )
        if a.space
        else _("{name} on {platform}").format(
            name=esc(cut(a.name, 60)) or _("no name"), platform=esc(a.platform.title())
        )
        for a in accounts[:5]
    ]
    return ", ".join(shown)


def _question(request: LinkRequest, rows: tuple[tuple[str, str], ...], who: str, action: str, no: str) -> Message:
    parts = (
        Text(who),
        Facts(rows),
        Text(
            _(
                "Linked accounts are one person: the same communities, answers, and settings. What only one of them "
                "can read now, both can read then."
            )
        ),
        Note(_("You can undo it for {n} days with {unlink}.").format(n=UNDOABLE.days, unlink=command("unlink"))),
    )
    return Message(
        parts,
        title=_("Link these accounts?"),
        actions=(
            Button(_("Link accounts"), action, str(request.id), "primary"),
            Button(no, "linking.decline", str(request.id)),
        ),
    )


def ask_asker(request: LinkRequest, theirs: Sequence[ShownAccount], owner: Sequence[ShownAccount]) -> Message:
    """Ask the person who typed the code. `theirs` are their accounts, `owner` those of who made the code."""
    rows = ((_("You here"), _listed(theirs)), (_("Who made the code"), _listed(owner)))
    who = _("Are both of these you? If someone else sent you the code, don’t link.")
    return _question(request, rows, who, "linking.ask", _("Don’t link"))


def ask_owner(request: LinkRequest, asker: Sequence[ShownAccount], own: Sequence[ShownAccount]) -> Message:
    """Ask the person who made the code. `asker` are the accounts of who typed it, `own` their own."""
    rows = ((_("Who typed your code"), _listed(asker)), (_("You here"), _listed(own)))
    who = _("Your code was typed, and that account wants to be linked to yours. Are both of these you?")
    return _question(request, rows, who, "linking.confirm", _("That isn’t me"))


def asked(until: datetime) -> Message:
    return card(
        _(
            "I’ve asked the other account. Say yes there until {until}: nothing is linked before that. If you don’t "
            "see my message there, type {link}."
        ).format(until=moment(until, "time"), link=command("link")),
        replace=True,
    )


def linked(theirs: Sequence[ShownAccount], own: Sequence[ShownAccount]) -> Message:
    return Message(
        parts=(
            Text(
                _("These accounts are one person now: {one}, and {other}.").format(
                    one=_listed(own), other=_listed(theirs)
                )
            ),
            Note(
                _(
                    "I’ll write to the account you used last. Where both had answered the same question, the answer "
                    "of the account that made the code counts."
                )
            ),
            Note(
                _(
                    "If this wasn’t you, undo it. That works for {n} days, and each account gets back what was its own."
                ).format(n=UNDOABLE.days)
            ),
        ),
        actions=(Button(_("Undo linking"), "linking.unlink"),),
        replace=True,
    )


def declined() -> Message:
    return card(_("OK, nothing is linked."), replace=True)


def declined_by_owner() -> Message:
    return card(_("The other account said no, so nothing is linked."))


def withdrawn() -> Message:
    return card(_("The other account said no after all, so nothing is linked."))


def request_gone() -> str:
    return _("That request has ended, so nothing is linked. To start again, use {link}.").format(link=command("link"))


def same_platform(platforms: Sequence[str]) -> Message:
    return card(
        _(
            "Both of you have an account on {platforms}, and I only link accounts on different platforms. Nothing is "
            "linked."
        ).format(platforms=esc(", ".join(p.title() for p in platforms)))
    )


def ask_to_undo(links: Sequence[tuple[int, Sequence[ShownAccount]]]) -> Message:
    """Ask which linking to undo: (link, the accounts that it brought)."""
    if not links:
        return card(_("No accounts of yours were linked in the last {n} days.").format(n=UNDOABLE.days))
    shown = links[:5]
    listed = "\n".join(f"- {_listed(accounts)}" for _id, accounts in shown)
    return Message(
        parts=(
            Text(_("This makes a person of their own again of:\n{listed}").format(listed=listed)),
            Text(
                _(
                    "Each side gets back what it had before linking, as far as it still exists. What you’ve written "
                    "since stays with the account that made the code."
                )
            ),
        ),
        title=_("Undo linking?"),
        actions=tuple(
            Button(
                _("Undo linking")
                if len(shown) == 1
                else cut(_("Undo {name}").format(name=accounts[0].platform.title()), 60),
                "linking.undo",
                str(id),
                "danger",
            )
            for id, accounts in shown
        ),
    )


def undone(accounts: Sequence[ShownAccount]) -> Message:
    return card(
        _("Undone: {accounts} is a person of its own again, with what it had before.").format(
            accounts=_listed(accounts)
        ),
        replace=True,
    )


def cannot_undo() -> str:
    return _("That linking can’t be undone anymore. Nothing has changed.")


def own_code() -> Message:
    return card(_("That code is your own: type it on the other platform, with the account you want to join."))


def wrong(left: int) -> Message:
    """`left` is how many tries remain."""
    if left == 0:
        return card(
            _("That code is wrong or too old, and that was one try too many. Please wait 15 minutes, then try again.")
        )
    return card(
        _("That code is wrong or too old. {line} on the other platform gives a new one.").format(line=command("link")),
        ngettext("You have one more try.", "You have {n} more tries.", left).format(n=left),
    )


def too_many(until: datetime) -> Message:
    return card(
        _("There were too many wrong codes. You can try again after {until}.").format(until=moment(until, "time"))
    )


def too_many_made(until: datetime) -> Message:
    return card(
        _("You’ve made several codes just now. You can make another one after {until}.").format(
            until=moment(until, "time")
        )
    )
