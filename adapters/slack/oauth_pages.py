"""The pages that someone sees who installs the bot: short and plain, without scripts."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape

from aiohttp import web

from adapters.slack.manifest import NAME, THREAD_SCOPES, WHAT
from bot.i18n import gettext as _
from bot.i18n import locale

STYLE = """
:root { color-scheme: light dark; }
body { font: 1.05rem/1.55 system-ui, sans-serif; margin: 0; padding: 2rem 1.25rem; }
main { max-width: 38rem; margin: 0 auto; }
h1 { font-size: 1.6rem; line-height: 1.25; }
li { margin: .35rem 0; }
code { font-size: .92em; }
a.button { display: inline-block; padding: .7rem 1.3rem; border-radius: .4rem; background: #4a154b; color: #fff;
  font-weight: 600; text-decoration: none; }
a.button:focus-visible { outline: .2rem solid currentColor; outline-offset: .15rem; }
"""
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; "
    f"style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def respond(page: str, status: int = 200) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", charset="utf-8", headers=HEADERS)


def install(question: str, scopes: Mapping[str, str]) -> str:
    """Offer to install the bot. `question` is the address of Slack's own page, `scopes` what it asks for and why."""
    button = _("Add to Slack")
    asked = [f"<li><code>{escape(scope)}</code> {escape(why)}.</li>" for scope, why in scopes.items()]
    return _page(
        _("Add {name} to your Slack workspace").format(name=NAME),
        _paragraph(WHAT),
        _paragraph(_("Slack will ask you to allow this, and nothing else:")),
        f"<ul>{''.join(asked)}</ul>",
        _paragraph(_hears_threads() if THREAD_SCOPES.keys() & scopes.keys() else _reads_no_channels()),
        f'<p><a class="button" href="{escape(question)}">{escape(button)}</a></p>',
        _paragraph(_("You need to be allowed to add apps. The button works for ten minutes, in this browser.")),
    )


def _reads_no_channels() -> str:
    return _(
        "It cannot read channels. It sees commands, forms, mentions of itself, direct messages to itself, and "
        "a message on which somebody chooses one of its actions. It posts only where it was invited."
    )


def _hears_threads() -> str:
    return _(
        "Slack sends it every message of the channels it is in, so that people can answer in the thread under a "
        "question. It drops all but those replies unread. It posts only where it was invited."
    )


def installed(team: str, root: str) -> str:
    """Say that the bot is in the workspace `team`, and what to do next. `root` is its root word."""
    steps = (
        _("In Slack, open the channel where your community meets, and type {command}.").format(
            command=f"/invite @{NAME}"
        ),
        _("There, type {command}. It asks a few questions and then keeps the rhythm.").format(
            command=f"/{root}-admin setup"
        ),
    )
    return _page(
        _("{name} is in {team}").format(name=NAME, team=team),
        _paragraph(_("It has posted nothing, and nobody was told. What to do next:")),
        f"<ol>{''.join(f'<li>{escape(step)}</li>' for step in steps)}</ol>",
        _paragraph(_("To take it out again, remove the app in Slack, under Manage apps.")),
    )


def cancelled() -> str:
    return _failed(_("Nothing was installed"), _("You cancelled, and nothing was changed."))


def not_yours() -> str:
    """Say that a ticket was used, expired, or belongs to another browser."""
    return _failed(
        _("This step has run out"),
        _(
            "It works once, for ten minutes, in the browser where it began. If you have just seen that the bot was "
            "installed, all is well; else begin again."
        ),
    )


def not_confirmed(why: str) -> str:
    """Say that Slack refused. `why` is its error code, or ""."""
    words = _("Slack did not confirm the installation, so nothing was changed.")
    if why:
        words += " " + _("Slack says: {why}.").format(why=why)
    return _failed(_("Nothing was installed"), words)


def slack_is_silent() -> str:
    return _failed(_("Slack does not answer"), _("Nothing was installed. Please try again in a minute."))


def internal_error() -> str:
    return _failed(
        _("Something broke"),
        _("Nothing was installed. Please try again; whoever runs the bot finds the reason in its log."),
    )


def whole_organisation() -> str:
    return _failed(
        _("One workspace at a time"),
        _("The bot cannot be installed for a whole organisation at once. Choose one workspace on Slack’s page."),
    )


def set_up_wrongly() -> str:
    return _failed(
        _("This bot is not set up rightly"),
        _("Nothing was installed. Whoever runs the bot finds the reason in its log."),
        may_retry=False,
    )


def elsewhere(address: str) -> str:
    return _failed(
        _("Not at this address"),
        _(
            "This page is at {address}. Whoever runs the web server in front of the bot lets it pass on the Host."
        ).format(address=address),
        may_retry=False,
    )


def _failed(title: str, words: str, *, may_retry: bool = True) -> str:
    begin = _("Begin again")
    link = f'<p><a href="install">{escape(begin)}</a></p>' if may_retry else ""
    return _page(title, _paragraph(words), link)


def _paragraph(words: str) -> str:
    return f"<p>{escape(words)}</p>"


def _page(title: str, *parts: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(locale().replace("_", "-"))}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{escape(title)}</h1>{''.join(parts)}</main></body></html>\n"
    )
