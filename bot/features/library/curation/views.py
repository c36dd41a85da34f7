"""Messages and forms for a shared resource: in full, endorsed, with an added note, removed."""

from collections.abc import Sequence

from bot.features.library import rules
from bot.features.library.sharing.views import Shown, byline, editing, helped_button, kind_menu, opening, who_sees
from bot.i18n import gettext as _
from bot.ui import Action, Button, Form, Message, Note, Part, Quote, Text, TextField, card
from bot.ui.markup import cut, esc, moment


def one(shown: Shown, notes: Sequence[tuple[str, str]], *, mine: bool, marked: bool, may_edit: bool) -> Message:
    """Show one resource in full to one person.

    `notes` are other people's, as (by, words). `mine`: the reader shared it. `marked`: the reader endorsed it.
    """
    parts: list[Part] = [Text(byline(shown)), Quote(shown.row.note)]
    parts += [Quote(cut(words, 150), by=by) for by, words in notes]
    facts = [moment(shown.row.shared_at, "day")]
    if shown.address:
        facts.insert(0, esc(cut(shown.address.host, 60)))
    facts.append(_("Seen by {who}.").format(who=who_sees(shown)))
    parts.append(Note(" · ".join(facts)))
    actions: list[Action] = [*opening(shown)]
    if not mine:
        actions += [_take_back(shown)] if marked else [helped_button(shown)]
        actions.append(Button(_("Add my note"), "resources.add_note", shown.id))
    if may_edit:
        actions += [*editing(shown), kind_menu(shown)]
    return Message(tuple(parts), title=cut(shown.row.title, 100), actions=tuple(actions))


def _take_back(shown: Shown) -> Button:
    return Button(_("It did not help me"), "resources.take_back", shown.id)


def already(shown: Shown, *, mine: bool, note: str, draft: str, is_same_address: bool) -> Message:
    """Say that this link is in the library already. `note` is what the person just wrote, so that it is not lost.

    `draft` is the id of all they wrote. Unless the addresses are the same, they can say that it's another page.
    """
    parts: list[Part] = []
    actions: list[Action] = []
    title = esc(shown.row.title)
    if mine:
        parts.append(
            Text(
                _("You have shared this link already, as **{title}**. You can edit what you wrote.").format(title=title)
            )
        )
        actions += editing(shown)
    else:
        parts.append(
            Text(
                _(
                    "This link is kept here already, as **{title}**, so I did not add it twice. If it helped you too, "
                    "say so, or add why in your own words."
                ).format(title=title)
            )
        )
        actions += [helped_button(shown), Button(_("Add my note"), "resources.add_note", shown.id), *opening(shown)]
    if not is_same_address:
        actions.append(Button(_("It’s another page"), "resources.another", draft))
    actions.append(Button(_("Change the link"), "resources.correct_link", draft))
    parts += [Text(byline(shown)), Quote(cut(shown.row.note, 400))]
    if note:
        parts.append(Quote(cut(note, 800), by=_("What you wrote just now")))
    parts.append(Note(_("Only you see this.")))
    return Message(tuple(parts), actions=tuple(actions))


def your_own() -> Message:
    return card(_("You shared this one, so it is clear that it helped you. Others can say so too."))


def thanks(shown: Shown, *, again: bool) -> Message:
    text = _("You said so already; it counts once.") if again else _("Noted: this helped you too.")
    return Message(
        (
            Text(text),
            Note(_("The card shows how many people it helped, and not who they are.")),
        ),
        actions=(Button(_("Add my note"), "resources.add_note", shown.id), _take_back(shown)),
    )


def taken_back(had: bool) -> Message:
    return card(_("Taken back, with your note if there was one. Nobody is told.") if had else nothing_to_take_back())


def nothing_to_take_back() -> str:
    return _("There was nothing of yours to take back; nothing has changed.")


def note_form(shown: Shown, note: str) -> Form:
    return Form(
        "resources.add_note",
        _("Add your note"),
        (
            TextField(
                "note",
                _("How did it help you?"),
                long=True,
                initial=cut(note, rules.LONGEST_ADDED_NOTE),
                max_length=rules.LONGEST_ADDED_NOTE,
            ),
        ),
        value=shown.id,
        intro=_("On **{title}**. Your note is read, with your name, by {who}.").format(
            title=esc(shown.row.title), who=who_sees(shown)
        ),
    )


def note_added(shown: Shown, note: str) -> Message:
    return Message(
        (
            Text(_("Your note now stands beside **{title}**.").format(title=esc(shown.row.title))),
            Quote(note),
            Note(_("It is read, with your name, by {who}.").format(who=who_sees(shown))),
        ),
        actions=(Button(_("Change my note"), "resources.add_note", shown.id), _take_back(shown)),
    )


def confirm_removal(shown: Shown) -> Message:
    return Message(
        (
            Text(
                _(
                    "Remove **{title}**? It is deleted with everything others added to it, and cannot be brought back. "
                    "Its card in the channel then only says that it was removed."
                ).format(title=esc(shown.row.title))
            ),
        ),
        actions=(
            Button(_("Remove it"), "resources.remove", shown.id, "danger"),
            Button(_("Keep it"), "resources.leave_it", shown.id),
        ),
        replace=True,
    )


def removed(title: str) -> Message:
    return card(_("**{title}** is deleted; nobody finds it any more.").format(title=esc(title)), replace=True)


def left_alone(shown: Shown) -> Message:
    return card(_("**{title}** stays as it is.").format(title=esc(shown.row.title)), replace=True)
