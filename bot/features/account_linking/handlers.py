"""Link two accounts of a person with a one-time code.

The code is made with one account and typed with the other, so only someone who holds both can use it. The person who
made the code stays; the person who types it is merged into them.
"""

from secrets import choice

from bot.core.context import Context
from bot.core.events import Command
from bot.core.permissions import Role
from bot.features.account_linking import views
from bot.features.account_linking.feature import feature
from bot.ui import Reply, ToPerson
from storage.people import account_links, people

# Without 0, 1, I and O, which are misread.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
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
    return _use_code(ctx, event.text) if event.text else _make_code(ctx)


def _make_code(ctx: Context) -> Reply:
    code = "".join(choice(LETTERS) for _i in range(LENGTH))
    until = account_links.keep_code(ctx.session, ctx.me, code, ctx.now)
    return views.code(f"{code[:4]}-{code[4:]}", until)


def _use_code(ctx: Context, typed: str) -> Reply:
    # Wrong codes get a message, not a Refusal: a Refusal would roll back the count of wrong codes.
    if until := account_links.must_wait(ctx.session, ctx.me, ctx.now):
        return views.too_many(until)
    owner = account_links.owner(ctx.session, typed, ctx.now)
    if owner is None:
        return views.wrong(account_links.count_wrong(ctx.session, ctx.me, ctx.now))
    if owner == ctx.me:
        return views.own_code()
    ctx.post(
        ToPerson(owner, ignores_quiet_hours=True), f"linking.told.{owner}.{ctx.me}", views.code_used, ctx.here.platform
    )
    account_links.merge(ctx.session, merged=ctx.me, stays=owner)
    ctx.actor = people.get(ctx.session, owner)
    return views.joined([a.platform for a in people.accounts(ctx.session, owner)])
