"""Draws a page as HTML: no script, no inline style, nothing from elsewhere."""

from adapters.html.parts import PartPen
from adapters.html.time_format import Reader, words
from adapters.html.writer import Html, join, tag
from bot.core.pages import ClosedLink, OpenPage
from bot.i18n import gettext as _
from bot.i18n import locale, speaking
from bot.ui import Section

NAME = "Commonplace"


def page(opened: OpenPage) -> str:
    """Draw a page in its reader's language and time zone."""
    with speaking(opened.locale):
        pen = PartPen(Reader("", opened.zone, opened.now))
        until = words(pen.reader, opened.expires_at, "full")
        note = _("Made for {name}. This link works until {until}.").format(name=opened.name, until=until)
        keep = _("It works only in this browser. To end it sooner, use {links} in the chat.")
        shown = opened.page
        head = tag(
            "header",
            tag("p", opened.community, class_="community"),
            tag("h1", shown.title),
            tag("div", pen.text(shown.about), class_="about") if shown.about else None,
        )
        sections = join(_section(pen, section, f"s{n}") for n, section in enumerate(shown.sections))
        foot = tag("footer", tag("p", note), tag("p", pen.line(keep.format(links=opened.revoke))))
        return _document(shown.title, head, tag("main", sections, id="main"), foot)


def _section(pen: PartPen, section: Section, name: str) -> Html:
    parts = join(pen.part(part, f"{name}-{n}") for n, part in enumerate(section.parts))
    return tag("section", tag("h2", section.title, id=name), parts, aria_labelledby=name)


def closed(reason: ClosedLink) -> str:
    """Draw what people see whose link opens nothing. It says nothing of whose link it is, or of what is behind it."""
    new = _("To get a link, ask me in your chat.")
    match reason:
        case ClosedLink.UNKNOWN:
            text = _("This link doesn’t open anything. Check that you have all of it. Old links are deleted.")
            return _notice(_("There’s no page here"), text, new)
        case ClosedLink.ENDED:
            text = _("Whoever made this link ended it, or made a new one that took its place.")
            return _notice(_("This link was ended"), text, new)
        case ClosedLink.EXPIRED:
            text = _("A link works for 7 days, and those are over.")
            return _notice(_("This link is too old"), text, new)
        case ClosedLink.ELSEWHERE:
            text = _(
                "This link was opened in another browser first, and it works only there. If someone sent it to you, "
                "ask me in your chat for one of your own. If it’s yours, make a new one for this browser."
            )
            return _notice(_("This link belongs to another browser"), text)
        case ClosedLink.NO_BROWSER:
            text = _(
                "A link works only in the browser that opens it first. To know your browser again, I need one cookie "
                "for 7 days, and yours keeps none. Allow cookies for this address, and open the link again."
            )
            return _notice(_("Your browser keeps no cookies"), text)
        case ClosedLink.DENIED:
            text = _(
                "The person this link was made for can’t read this page anymore, for example because of their role."
            )
            return _notice(_("This page isn’t open to you"), text, new)


def busy() -> str:
    return _notice(_("One moment"), _("Many people are opening pages right now. Please reload in a few seconds."))


def broken() -> str:
    return _notice(_("Something broke"), _("I couldn’t show this page. Please try again later."))


def _notice(title: str, *paragraphs: str) -> str:
    body = tag("main", tag("h1", title), *(tag("p", words) for words in paragraphs), id="main", class_="notice")
    return _document(title, body)


def _document(title: str, *inside: Html) -> str:
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="robots", content="noindex, nofollow, noarchive"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", f"{title} – {NAME}"),
        # Beside the page, wherever a web server in front puts it.
        tag("link", rel="stylesheet", href="page.css"),
        tag("link", rel="stylesheet", href="figures.css"),
    )
    skip = tag("a", _("Skip to the content"), href="#main", class_="skip")
    return f"<!doctype html>\n{tag('html', head, tag('body', skip, *inside), lang=locale())}"
