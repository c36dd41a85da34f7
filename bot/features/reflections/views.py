"""Messages and the form for reflections."""

from bot.core import signals
from bot.i18n import gettext as _
from bot.ui import Button, ChoiceField, Form, Message, Note, Part, Quote, Text, TextField
from bot.ui.markup import command, cut, esc
from storage.learning.reflections import Reflection
from storage.learning.rounds import FACILITATORS, GROUP, ME


def reflect_form(about: str = "", body: str = "", shared: bool = True) -> Form:
    """Ask for a reflection. Unless `shared`, "only me" is the one audience to choose."""
    choices = [(ME, _("Only me"))]
    if shared:
        choices += [(FACILITATORS, _("The facilitators too")), (GROUP, _("Everyone in this community"))]
    return Form(
        "reflections.keep",
        _("A reflection"),
        (
            TextField(
                "body",
                _("What is on your mind?"),
                long=True,
                initial=body,
            ),
            TextField("about", _("What it is about"), required=False, initial=cut(about, 300), max_length=300),
            ChoiceField("audience", _("Who may read it?"), tuple(choices), initial=ME),
        ),
        submit=_("Keep it"),
    )


def readers(row: Reflection) -> str:
    return {ME: _("only you"), FACILITATORS: _("you and the facilitators"), GROUP: _("everyone in the community")}[
        row.audience
    ]


def reflected(row: Reflection) -> Message:
    who = {
        ME: _("Only you can read it"),
        FACILITATORS: _("You and the facilitators can read it"),
        GROUP: _("It is shared with everyone in this community, in the channel"),
    }[row.audience]
    return Message(
        (
            Text(_("Kept.")),
            Quote(cut(row.body, 600)),
            Note(
                _("{who}. To change it or take it back, use the button, or later {data}.").format(
                    who=who, data=command("data show")
                )
            ),
        ),
        actions=(Button(_("Change or take back"), signals.OPEN_WRITTEN, f"reflections.reflection/{row.id}"),),
    )


def shared(name: str, row: Reflection) -> Message:
    parts: list[Part] = [Quote(cut(row.body, 1_500), by=name)]
    if row.about:
        parts.append(Note(_("About: {about}").format(about=esc(row.about))))
    return Message(
        tuple(parts), title=_("A reflection"), actions=(Button(_("Reflect too"), "reflections.begin", str(row.id)),)
    )


def for_facilitators(name: str, row: Reflection, community: str) -> Message:
    return Message(
        (
            Quote(cut(row.body, 1_500), by=name),
            Note(
                _("{name} shared this with the facilitators of {community} only; please keep it between you.").format(
                    name=name, community=esc(community)
                )
            ),
        ),
        title=_("A reflection for you"),
    )


def nobody_facilitates() -> str:
    return _("Nobody facilitates here at the moment, so nobody would read it. Keep it for yourself, or share it.")


def empty() -> str:
    return _("Please write a few words, or close this form to leave it for now.")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and the most I can keep is {most}. Please shorten it.").format(
        size=size, most=most
    )
