"""Messages about a person's own links to pages."""

from collections.abc import Sequence
from typing import NamedTuple

from bot.i18n import gettext as _
from bot.ui import MAX_CHOICE, MAX_CHOICES, Button, Message, Note, Select, Text
from bot.ui.markup import cut, esc, moment
from storage.people.page_links import PageLink


class Shown(NamedTuple):
    """A link, with what its page (in English) and its community are called."""

    link: PageLink
    page: str
    community: str

    @property
    def name(self) -> str:
        return f"{_(self.page)}: {self.community}"


def links(shown: Sequence[Shown], *, is_answer: bool) -> Message:
    """List the links that work. `is_answer`: some have just been ended."""
    if not shown:
        done = _("Done. You have no links to pages anymore.")
        none = _("You have no links to pages. I make one when you open a page, such as a report.")
        return Message((Text(done if is_answer else none),), replace=is_answer)
    # The oldest beyond what a menu holds come up once others have ended.
    shown = shown[:MAX_CHOICES]
    lines = [
        _("- **{page}**, until {until}").format(page=esc(each.name), until=moment(each.link.expires_at))
        for each in shown
    ]
    parts = (
        Text(_("Done. These links still work:") if is_answer else _("Your links to pages that still work:")),
        Text("\n".join(lines)),
        Note(_("Only you can see this. I don’t hold the links themselves, so I can’t show them again.")),
    )
    choices = tuple((str(each.link.id), cut(each.name, MAX_CHOICE)) for each in shown)
    actions = (
        Button(_("End all links"), "pages.revoke_all", style="danger"),
        Select(_("End one link"), "pages.revoke", choices),
    )
    return Message(parts, title=_("Links to pages"), actions=actions, replace=is_answer)
