"""The form for a resource, its card in the channel, and the parts that every view of a resource shares."""

from dataclasses import dataclass

from bot.features.library import rules
from bot.features.library.links import NotALink, ResourceLink
from bot.features.library.rules import BadTopics, Typed
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, ChoiceField, Field, Form, Link, Message, Note, Part, Quote, Select, Text, TextField, card
from bot.ui.markup import cut, esc
from storage.library.resources import COMMUNITY, OTHER, PRACTICE, PROGRAM, RESPONSE, STRATEGY, TOOL, Resource


@dataclass(frozen=True)
class Shown:
    """A resource and what is shown with it.

    `by` is who shared it, as markup. `helped` is how many others it helped. `community` is the name of the community it
    was shared in, `program` the name of the program whose communities all see it ("" if only its own does). `away`: it
    was shared in another community than the reader's.
    """

    row: Resource
    address: ResourceLink | None
    by: str
    topics: tuple[str, ...]
    helped: int
    community: str
    program: str
    away: bool = False

    @property
    def id(self) -> str:
        return str(self.row.id)


def kind_names() -> dict[str, str]:
    return {
        PRACTICE: _("promising practice"),
        STRATEGY: _("strategy"),
        TOOL: _("tool"),
        RESPONSE: _("way to meet a challenge"),
        OTHER: _("something else"),
    }


def who_sees(shown: Shown) -> str:
    if shown.program:
        return _("everyone in every community of {program}").format(program=esc(cut(shown.program, 60)))
    return _("everyone in {community}").format(community=esc(cut(shown.community, 60)))


def byline(shown: Shown) -> str:
    """Write who shared it, its kind, its topics and how many it helped, on one line."""
    by = _("{name} of {community}").format(name=shown.by, community=esc(cut(shown.community, 40)))
    facts = [_("Shared by {name}").format(name=by if shown.away else shown.by)]
    if shown.row.kind in kind_names() and shown.row.kind != OTHER:
        facts.append(kind_names()[shown.row.kind])
    if shown.topics:
        facts.append(esc(" ".join(f"#{name}" for name in shown.topics)))
    if shown.helped:
        facts.append(helped_so_far(shown.helped))
    return " · ".join(facts)


def helped_so_far(n: int) -> str:
    return ngettext("helped {n} person more", "helped {n} people more", n).format(n=n)


def form(typed: Typed, *, program: str = "", editing: str = "", another_than: str = "") -> Form:
    """Ask for a resource. With a `program`, also for its audience. `editing` is the id of the resource being edited.

    `another_than` is the id of the resource that this isn't a copy of, though the links look like one.
    """
    fields: list[Field] = [
        TextField("title", _("Title"), initial=cut(typed.title, rules.LONGEST_TITLE), max_length=rules.LONGEST_TITLE),
        # The field takes more than a link may have, since a link that is cut short is a different link.
        TextField("link", _("Link, if it has one"), required=False, initial=cut(typed.link, 1_000), max_length=1_000),
        TextField(
            "note",
            _("Why it helped"),
            long=True,
            initial=cut(typed.note, rules.LONGEST_NOTE),
            max_length=rules.LONGEST_NOTE,
            hint=_("What you tried, and what changed."),
        ),
        TextField(
            "topics",
            _("Topics, up to five"),
            required=False,
            initial=cut(typed.topics, 200),
            max_length=200,
            hint=_("With commas between: arrivals, youth voice"),
        ),
    ]
    if program:
        choices = (
            (COMMUNITY, _("Everyone in this community")),
            (PROGRAM, cut(_("Every community of {program}").format(program=program), 75)),
        )
        fields.append(ChoiceField("audience", _("Who may see it?"), choices, initial=typed.audience or COMMUNITY))
    if editing:
        return Form("resources.edit", _("Edit a resource"), tuple(fields), f"{editing}/{another_than}", _("Save"))
    return Form("resources.keep", _("Share a resource"), tuple(fields), another_than, _("Share"))


def no_title(suggested: bool) -> str:
    if suggested:
        return _("A title is missing. I took one from the link: change it, or send the form as it is.")
    return _("Please give it a title, such as “Arrival jobs board”.")


def no_note() -> str:
    return _("Please write a few words on why it helped, such as “It calmed the first ten minutes.”")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and the most I can keep is {most}. Please shorten it.").format(
        size=size, most=most
    )


def link_problem(fault: NotALink) -> str:
    """Say what is wrong with a link, as plain text."""
    match fault.fault:
        case "scheme":
            return _(
                "Only links that begin with http:// or https:// can be kept, and this one begins with {what}: – "
                "a web page like https://example.org/page works."
            ).format(what=cut(fault.what, 20))
        case "long":
            return _(
                "This link is {what} characters long and the most I can keep is 500. Please find a shorter one."
            ).format(what=fault.what)
        case "secret":
            return _("This link holds a name or a password before the @. Please share it without: https://example.org")
        case "unreadable":
            return _("I cannot read this as a link. It is one address without spaces, like https://example.org/page")


def topics_problem(fault: BadTopics) -> str:
    """Say what is wrong with topics, as plain text."""
    match fault.fault:
        case "many":
            return _(
                "These are {what} topics and a resource has up to five. Please choose the ones that fit best."
            ).format(what=fault.what)
        case "long":
            return _("“{what}” is too long for a topic: {most} characters at most, like youth-voice.").format(
                what=cut(fault.what, 40), most=rules.LONGEST_TOPIC
            )
        case _:
            return _(
                "I cannot read “{what}” as a topic. Topics are letters, numbers and hyphens, with commas between: "
                "arrivals, youth-voice"
            ).format(what=cut(fault.what, 40))


def refused_no_more() -> str:
    return _("I no longer have what you wrote then. Please share it again.")


def saved(shown: Shown, *, changed: bool = False, replace: bool = False) -> Message:
    """Confirm to the person who shared or changed a resource."""
    what = _("Changed.") if changed else _("Kept, and a card for it goes to the channel.")
    return Message(
        (
            Text(f"{what} **{esc(shown.row.title)}**"),
            Text(byline(shown)),
            Quote(cut(shown.row.note, 600)),
            Note(_("It can be found by {who}. You can edit or remove it at any time.").format(who=who_sees(shown))),
        ),
        actions=(*editing(shown), kind_menu(shown)),
        replace=replace,
    )


def editing(shown: Shown) -> tuple[Button, ...]:
    return (
        Button(_("Edit"), "resources.edit", shown.id),
        Button(_("Remove"), "resources.ask_remove", shown.id),
    )


def kind_menu(shown: Shown) -> Select:
    choices = tuple((kind, name[:1].upper() + name[1:]) for kind, name in kind_names().items())
    return Select(_("What kind of thing is it?"), "resources.kind", choices, shown.id)


def posted(shown: Shown) -> Message:
    """The card of a resource, as posted in the channel."""
    parts: list[Part] = [Text(byline(shown)), Quote(cut(shown.row.note, 600))]
    if shown.address:
        parts.append(Note(esc(cut(shown.address.host, 100))))
    return Message(tuple(parts), title=cut(shown.row.title, 100), actions=(*opening(shown), helped_button(shown)))


def opening(shown: Shown) -> tuple[Link, ...]:
    return (Link(_("Open"), shown.address.opens),) if shown.address else ()


def helped_button(shown: Shown) -> Button:
    return Button(_("This helped me too"), "resources.helped", shown.id)


def removed_card() -> Message:
    return card(_("A resource stood here and has been removed."))


def not_found() -> str:
    return _("That resource is no longer here: it was removed, or is not shared with this community.")


def not_yours() -> str:
    return _("Only the person who shared this, or a facilitator of their community, can change it.")


def no_such_kind() -> str:
    return _("Please choose one of the kinds in the menu; nothing has changed.")
