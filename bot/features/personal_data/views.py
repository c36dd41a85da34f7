"""Messages about a person's own data."""

from collections.abc import Mapping, Sequence

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Attachment, Button, Facts, Message, Note, Select, Text, card
from bot.ui.markup import command, cut, esc, moment
from storage.people.people import Person


def counted(what: str, n: int) -> str:
    """Count rows in words, by their label in `storage.database.personal`. "" for what the person did not write."""
    match what:
        case "answers":
            return ngettext("{n} answer", "{n} answers", n).format(n=n)
        case "reflections":
            return ngettext("{n} reflection", "{n} reflections", n).format(n=n)
        case "replies to meetings":
            return ngettext("{n} reply to a meeting", "{n} replies to meetings", n).format(n=n)
        case "words after meetings":
            return ngettext("{n} feedback on a meeting", "{n} feedbacks on meetings", n).format(n=n)
        case "action commitments":
            return ngettext("{n} action commitment", "{n} action commitments", n).format(n=n)
        case "things taken home":
            return ngettext("{n} thing taken home", "{n} things taken home", n).format(n=n)
        case "resources":
            return ngettext("{n} resource", "{n} resources", n).format(n=n)
        case "resources of others that helped":
            return ngettext("{n} resource of others that helped", "{n} resources of others that helped", n).format(n=n)
        case "topics for an agenda":
            return ngettext("{n} topic for an agenda", "{n} topics for an agenda", n).format(n=n)
        case "prompts put in line":
            return ngettext("{n} prompt put in line", "{n} prompts put in line", n).format(n=n)
        case "questions opened":
            return ngettext("{n} question opened", "{n} questions opened", n).format(n=n)
        case "actions as facilitator or admin":
            return ngettext("{n} action as facilitator or admin", "{n} actions as facilitator or admin", n).format(n=n)
        case "accounts" | "communities":
            return ""
    return f"{n} {_(what)}"


def _counts(counts: Mapping[str, int]) -> str:
    phrases = [counted(what, n) for what, n in counts.items() if n]
    return ", ".join(phrase for phrase in phrases if phrase)


def shown(
    person: Person,
    communities: Sequence[str],
    counts: Mapping[str, int],
    zone: str,
    written: Sequence[tuple[str, str, int]],
) -> Message:
    """Show what is kept. `written` are the kinds that the person can open: (kind, label, number)."""
    choices = tuple((kind, cut(f"{_(label)} ({n})", 75)) for kind, label, n in written[:25])
    menu = (Select(_("Open what you wrote"), "mydata.kind", choices),) if choices else ()
    rows = [
        (_("Name"), esc(person.name) or _("not known")),
        (_("Communities"), esc(", ".join(cut(name, 60) for name in communities[:10])) or _("none")),
        (_("Kept"), _counts(counts) or _("nothing you wrote")),
        (_("Time zone"), esc(zone)),
        (
            _("Quiet hours"),
            _("none")
            if person.quiet_from == person.quiet_to
            else _("{start}:00 to {end}:00").format(start=person.quiet_from, end=person.quiet_to),
        ),
        (_("Paused until"), moment(person.snoozed_until) if person.snoozed_until else _("not paused")),
    ]
    return Message(
        title=_("What is kept about you"),
        parts=(
            Facts(tuple(rows)),
            Note(
                _(
                    "Only you can see this. Open what you wrote to change it or take it back, one by one. The download "
                    "holds every word of it."
                )
            ),
        ),
        actions=(
            *menu,
            Button(_("My workbook"), "mydata.workbook"),
            Button(_("Download"), "mydata.download"),
            Button(_("Delete everything"), "mydata.ask", style="danger"),
        ),
    )


def on_its_way() -> Message:
    return card(_("I am sending you two files privately: one to read, one for other programs. Nobody else gets them."))


def file(attachment: Attachment) -> Message:
    return Message(
        parts=(Text(_("Everything kept about you, as you asked. Keep it where only you can read it.")),),
        attachment=attachment,
    )


def confirm(counts: Mapping[str, int], nameless: Mapping[str, int]) -> Message:
    """Ask before deleting. `counts` is what is deleted, `nameless` what stays without the person's name."""
    written, stays = _counts(counts), _counts(nameless)
    what = (
        _("This removes {counts}, your memberships and your settings.").format(counts=written)
        if written
        else _("This removes your memberships and your settings.")
    )
    unnamed = (Text(_("This stays without your name: {counts}.").format(counts=stays)),) if stays else ()
    return Message(
        parts=(
            Text(what),
            *unnamed,
            Text(_("I also take you out of my posts, in channels and in messages to others. You can’t undo this.")),
            Note(
                _(
                    "{download} first gives you a copy. If I can’t change a post, I’ll ask facilitators to delete it."
                ).format(download=command("data download"))
            ),
        ),
        actions=(
            Button(_("Delete my data"), "mydata.delete", style="danger"),
            Button(_("Keep it"), "mydata.keep"),
        ),
    )


def saved() -> Message:
    return card(_("Nothing has been deleted."), replace=True)


def deleted() -> Message:
    return card(
        _("Done: nothing that says who you are is kept. If you ever come back, I meet you as somebody new."),
        replace=True,
    )


def nameless() -> str:
    """The name shown on rows that have to stay after their person deleted their data."""
    return _("Someone who has left")
