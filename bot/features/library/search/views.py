"""Messages with search results and the latest resources."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.features.library import rules
from bot.features.library.links import ResourceLink
from bot.features.library.rules import Question
from bot.features.library.sharing.views import Shown, byline
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Action, Button, Message, Note, Part, Quote, Select, Text, card
from bot.ui.markup import command, cut, esc

ROOM = 2_200  # characters of results on one card
Menu = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Position:
    """A page of results: its number, how many results there are, and the draft that holds the search (0: one page)."""

    number: int
    total: int
    draft: int


def asked(question: Question) -> str:
    """Write the search as it was typed, escaped and cut."""
    return esc(cut(" ".join([*question.words.split(), *(f"#{name}" for name in question.topics)]), 80))


def results(
    question: Question, corrected: str | None, page: Sequence[Shown], at: Position, menu: Menu, *, replace: bool
) -> Message:
    n = ngettext("{n} resource for “{asked}”.", "{n} resources for “{asked}”, best match first.", at.total)
    if not question.words:
        n = ngettext("{n} resource on “{asked}”.", "{n} resources on “{asked}”, newest first.", at.total)
    parts: list[Part] = [Text(n.format(n=at.total, asked=asked(question)))]
    if corrected:
        parts.append(
            Note(
                _("Nothing here has the word as it was typed, so I looked for “{corrected}”.").format(
                    corrected=esc(cut(corrected, 80))
                )
            )
        )
    parts += _listed(page, notes=True)
    parts.append(Note(_("Only you see these results.") + _page_of(at)))
    actions: list[Action] = []
    if at.number > 1:
        actions.append(Button(_("Earlier"), "resources.page", f"{at.draft}.{at.number - 1}"))
    if at.number < rules.pages(at.total):
        actions.append(Button(_("Next"), "resources.page", f"{at.draft}.{at.number + 1}"))
    actions += [_look_closer(page), *_topics(menu)]
    return Message(tuple(parts), title=_("Resources"), actions=tuple(actions), replace=replace)


def _page_of(at: Position) -> str:
    pages = rules.pages(at.total)
    return " " + _("Page {number} of {pages}.").format(number=at.number, pages=pages) if pages > 1 else ""


def _listed(page: Sequence[Shown], *, notes: bool) -> list[Part]:
    """List resources with links and bylines if all of them fit into ROOM, else with short titles and hosts."""
    full = [f"**{esc(s.row.title)}**{f' · {linked(s.address)}' if s.address else ''}\n{byline(s)}" for s in page]
    short = [f"**{esc(cut(s.row.title, 60))}**{_host(s)}" for s in page]
    most = 140 if notes else 0
    room = ROOM - sum(min(len(s.row.note), most) for s in page)
    parts: list[Part] = []
    for text, item in zip(rules.fitting(full, short, room), page, strict=True):
        parts.append(Text(text))
        if notes and item.row.note:
            parts.append(Quote(cut(" ".join(item.row.note.split()), most)))
    return parts


def linked(address: ResourceLink) -> str:
    """Write a Markdown link whose text is the host."""
    # In CommonMark these characters would end the address or begin an entity.
    target = address.opens.replace("(", "%28").replace(")", "%29").replace("&", "&amp;")
    return f"[{esc(cut(address.host, 60))}]({target})"


def _host(shown: Shown) -> str:
    return f" · {esc(cut(shown.address.host, 40))}" if shown.address else ""


def _look_closer(page: Sequence[Shown]) -> Select:
    return Select(_("Look at one closely"), "resources.show", tuple((s.id, cut(s.row.title, 75)) for s in page))


def _topics(menu: Menu) -> tuple[Select, ...]:
    return (Select(_("Look through a topic"), "resources.topic", menu),) if menu else ()


def latest(page: Sequence[Shown], menu: Menu) -> Message:
    return Message(
        (*_listed(page, notes=False), Note(_("Only you see this list."))),
        title=_("Shared lately"),
        actions=(_look_closer(page), *_topics(menu)),
    )


def nothing(question: Question, close: Sequence[str], menu: Menu, *, replace: bool) -> Message:
    body = [
        _("Nothing here matches “{asked}” yet. Fewer or other words may help; {recent} lists what is new.").format(
            asked=asked(question), recent=command("recent")
        )
    ]
    if close:
        body.append(_("Close to it: {topics}.").format(topics=", ".join(esc(f"#{name}") for name in close)))
    body.append(_("If you find it elsewhere, {share} keeps it for the next person.").format(share=command("share")))
    buttons = tuple(Button(f"#{name}", "resources.topic", name) for name in close)
    return Message(
        (*map(Text, body), Note(_("Only you see this."))), actions=(*buttons, *_topics(menu)), replace=replace
    )


def none_yet() -> Message:
    return card(
        _(
            "Nothing has been shared here yet. {share} keeps the first thing: a practice, a tool or an idea that "
            "helped you, with a line on why."
        ).format(share=command("share")),
        actions=(Button(_("Share something"), "resources.share"),),
    )


def nothing_asked() -> str:
    return _("Please say what to look for: words, a topic, or both. Like this: {right}").format(
        right=command("find homework #coaching")
    )


def draft_expired() -> str:
    return _("I no longer remember that search. Please type it again, with {find}.").format(find=command("find"))
