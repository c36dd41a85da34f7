"""Messages and the form with which a person sees, changes and takes back each thing they wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Action, Button, Form, Message, Note, Part, Quote, Select, Text, TextField, card
from bot.ui.markup import cut, esc, moment

PAGE = 10
SHOWN = 2_000  # characters of one thing


@dataclass(frozen=True)
class Item:
    """One thing a person wrote. `words` are (what they are called, the words); the others are as in `Writing`."""

    ref: str
    at: datetime | None
    words: tuple[tuple[str, str], ...]
    about: str
    readers: str
    community: str
    may_change: bool
    fixed: str

    @property
    def excerpt(self) -> str:
        said = next((text for _label, text in self.words if text), "") or self.about or "–"
        return cut(" ".join(said.split()), 60)


def listed(kind: str, label: str, items: Sequence[Item], total: int, page: int, pages: int) -> Message:
    if not items:
        return card(_("Nothing there anymore."), actions=(_back_to_data(),), replace=True)
    lines = [f"- {_dated(item)}{esc(item.excerpt)}" for item in items]
    menu = Select(_("Open one"), "mydata.thing", tuple((item.ref, cut(item.excerpt, 75)) for item in items))
    actions: list[Action] = [menu]
    if page > 1:
        actions.append(Button(_("Back"), "mydata.kind", f"{kind}/{page - 1}"))
    if page < pages:
        actions.append(Button(_("Next"), "mydata.kind", f"{kind}/{page + 1}"))
    actions.append(_back_to_data())
    return Message(
        (
            Text("\n".join(lines)),
            Note(
                ngettext("{n} in all. Only you can see this.", "{n} in all. Only you can see this.", total).format(
                    n=total
                )
            ),
        ),
        title=_(label),
        actions=tuple(actions),
        replace=True,
    )


def _dated(item: Item) -> str:
    return f"{moment(item.at, 'day')}: " if item.at else ""


def _back_to_data() -> Button:
    return Button(_("All my data"), "mydata.show")


def one(item: Item, kind: str) -> Message:
    actions = []
    if item.may_change:
        actions.append(Button(_("Change"), "mydata.change", item.ref))
    if not item.fixed:
        actions.append(Button(_("Take back"), "mydata.take_back", item.ref, "danger"))
    actions.append(Button(_("Back to the list"), "mydata.kind", kind))
    return Message((*_described(item),), title=_("What you wrote"), actions=tuple(actions), replace=True)


def _described(item: Item) -> list[Part]:
    parts: list[Part] = []
    if item.about:
        parts.append(Text(_("About: {about}").format(about=esc(cut(item.about, 300)))))
    # Several texts share the room of one.
    room = SHOWN // max(1, len([1 for _label, text in item.words if text]))
    parts += [Quote(cut(text, room), by=_(label) if label else "") for label, text in item.words if text]
    where = [*([moment(item.at)] if item.at else []), *([esc(cut(item.community, 80))] if item.community else [])]
    if where:
        parts.append(Note(" · ".join(where)))
    if item.readers:
        parts.append(Note(_("Who can see it: {who}").format(who=item.readers)))
    if item.fixed:
        parts.append(Note(_(item.fixed)))
    return parts


def form(item: Item, words: Mapping[str, str]) -> Form:
    labels = [label for label, _text in item.words]
    fields = tuple(
        TextField(name, cut(_(label), 45), long=True, required=False, initial=text)
        for (name, text), label in zip(words.items(), labels, strict=True)
    )
    return Form("mydata.change", _("Change what you wrote"), fields, item.ref, submit=_("Save"))


def changed(item: Item, kind: str) -> Message:
    return Message(
        (Text(_("Changed. Where I had posted it, I’ll post the new words.")), *_described(item)),
        actions=(Button(_("Back to the list"), "mydata.kind", kind),),
        replace=True,
    )


def confirm(item: Item, kind: str) -> Message:
    return Message(
        (
            Text(_("Take this back?")),
            Quote(cut(item.excerpt, 300)),
            Text(_("I delete it, and take it out of what I posted. You can’t undo this.")),
        ),
        actions=(
            Button(_("Take it back"), "mydata.take_back_now", item.ref, "danger"),
            Button(_("Leave it there"), "mydata.thing", item.ref),
        ),
        replace=True,
    )


def taken_back(kind: str, *, left: int) -> Message:
    back = Button(_("Back to the list"), "mydata.kind", kind) if left else _back_to_data()
    return card(_("Taken back: it’s deleted."), actions=(back,), replace=True)


def not_found() -> str:
    return _("That’s no longer there, so nothing changed.")


def cannot_change(why: str) -> str:
    return _(why) if why else _("There are no words in it to change. You can take it back.")


def empty() -> str:
    return _("Write a few words, or close this form and take it back.")


def too_long(size: int, most: int) -> str:
    return _("Up to {most} characters. This one is {size}.").format(most=most, size=size)
