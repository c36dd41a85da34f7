"""Joining a person's accounts, by a code that only somebody who holds both can carry across."""

from secrets import choice

from bot.core.context import Context
from bot.core.events import Command
from bot.core.permissions import Role
from bot.features.account_linking import views
from bot.features.account_linking.feature import feature
from bot.ui import Reply, ToPerson
from storage.people import account_links as codes
from storage.people import people

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are misread
LENGTH = 8


@feature.command(
    "link",
    help="Join your accounts on two platforms, so that you are one person here",
    needs=Role.ANYONE,
    argument="[code]",
    example="link",
    community=False,
)
def link(ctx: Context, event: Command) -> Reply:
    return _use(ctx, event.text) if event.text else _give(ctx)


def _give(ctx: Context) -> Reply:
    code = "".join(choice(LETTERS) for _i in range(LENGTH))
    until = codes.keep_code(ctx.session, ctx.me, code, ctx.now)
    return views.code(f"{code[:4]}-{code[4:]}", until)


def _use(ctx: Context, typed: str) -> Reply:
    # Answered, not refused: a refusal would undo the counting of wrong codes.
    if until := codes.must_wait(ctx.session, ctx.me, ctx.now):
        return views.too_many(until)
    owner = codes.owner(ctx.session, typed, ctx.now)
    if owner is None:
        return views.wrong(codes.count_wrong(ctx.session, ctx.me, ctx.now))
    if owner == ctx.me:
        return views.own()
    ctx.post(ToPerson(owner, ignores_quiet_hours=True), f"linking.told.{owner}.{ctx.me}", views.told, ctx.here.platform)
    codes.merge(ctx.session, gone=ctx.me, stays=owner)
    ctx.actor = people.get(ctx.session, owner)
    return views.joined([a.platform for a in people.accounts(ctx.session, owner)])
