"""Replies of the core itself: a refusal, a question for the community that is meant, an internal error.

A button that runs a command holds the id of a draft with the command line, because a button's value is short.
"""

import json
from typing import Literal

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Event
from bot.core.identity import AmbiguousCommunity, act_in
from bot.core.resolver import SUFFIX, parse_id
from bot.i18n import gettext as _
from bot.ui import MAX_BUTTONS, MAX_CHOICE, MAX_CHOICES, Button, Message, Select, Text, card
from bot.ui.markup import cut
from storage.communities import communities
from storage.operations import drafts


def refusal(ctx: Context, no: Refusal) -> Message:
    """Return the refusal, with a button for each corrected command that it suggests."""
    if ctx.actor is None:
        return card(str(no))
    runs = [_run(ctx, no.retry, no.root, "primary")] if no.retry else []
    runs += [_run(ctx, line, no.root, "plain") for line in no.among[: MAX_BUTTONS - len(runs)]]
    return card(str(no), actions=tuple(runs))


def _run(ctx: Context, line: str, root: str, style: Literal["plain", "primary"]) -> Button:
    label = _("Run {line}").format(line=cut(f"/{ctx.root}{SUFFIX[root]} {line}", 60))
    return Button(label, "commands.again", str(_save_command(ctx, line, "")), style)


def choose_community(ctx: Context, question: AmbiguousCommunity, event: Event) -> Message:
    """Ask which community a command is for, with a button or menu. A click can't be replayed, so it is refused."""
    if not isinstance(event, Command):
        return card(_("You belong to several communities. Please do this in the channel of the one you mean."))
    draft = _save_command(ctx, event.line, event.root, event.message)
    ask = Text(_("You belong to several communities. Which one do you mean?"))
    if len(question.among) > MAX_BUTTONS:
        among = tuple((str(c.id), cut(c.name, MAX_CHOICE)) for c in question.among[:MAX_CHOICES])
        return Message((ask,), actions=(Select(_("Choose a community"), "commands.again", among, str(draft)),))
    buttons = tuple(Button(cut(c.name, 60), "commands.again", f"{draft}.{c.id}") for c in question.among)
    return Message((ask,), actions=buttons)


def replay_command(ctx: Context, click: Click) -> Command:
    """Return the command that a button of this module stands for, and set the community that the button names.

    Raises Refusal if the draft is gone, or if the person may not act in that community.
    """
    draft_id, _dot, community = click.value.rpartition(":")[2].partition(".")
    draft = drafts.find(ctx.session, ctx.me, "command", parse_id(draft_id))
    if draft is None:
        raise Refusal(_("I no longer remember that command. Please type it again."))
    body = json.loads(draft.body)
    event = Command(click.place, click.person, body["line"], body["root"], message=body.get("message", ""))
    chosen = parse_id(click.chosen[0] if click.chosen else community) or body["community"]
    if chosen:
        act_in(ctx, event, communities.get(ctx.session, chosen))
    return event


def _save_command(ctx: Context, line: str, root: str, message: str = "") -> int:
    community = ctx.community_or_none.id if ctx.community_or_none else None
    body = {"line": line, "root": root, "community": community, "message": message}
    return drafts.save(ctx.session, ctx.me, "command", json.dumps(body), ctx.now)


def internal_error_message(reference: str) -> Message:
    return card(
        _(
            "Something broke on my side, so nothing was saved. Please try again. If it happens again, tell an admin "
            "the reference **{reference}**: they can look it up."
        ).format(reference=reference)
    )
