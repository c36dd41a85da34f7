"""Link two accounts of a person with a one-time code, and undo it for a while.

The code is made with one account and typed with the other. Then both accounts see both names, and both have to say
yes, so a code that was sent to somebody else links nothing. The person who made the code stays; the person who typed it
is merged into them.
"""

from collections.abc import Sequence
from secrets import choice

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.account_linking import views
from bot.features.account_linking.feature import feature
from bot.features.account_linking.views import ShownAccount
from bot.ui import Reply, ToPerson, showing
from storage.communities import communities
from storage.people import account_links, link_codes, people
from storage.people.account_links import AccountLink
from storage.people.link_codes import LinkRequest
from storage.people.people import Account

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
    if event.text:
        return _use_code(ctx, event.text)
    # A direct message with the same question may not have arrived.
    if waiting := link_codes.request_to(ctx.session, ctx.me, ctx.now):
        return views.ask_owner(waiting, *_both(ctx, waiting))
    return _make_code(ctx)


def _make_code(ctx: Context) -> Reply:
    if until := link_codes.made_too_many(ctx.session, ctx.me, ctx.now):
        return views.too_many_made(until)
    code = "".join(choice(LETTERS) for _i in range(LENGTH))
    until = link_codes.keep_code(ctx.session, ctx.me, code, ctx.now)
    return views.code(f"{code[:4]}-{code[4:]}", until)


def _use_code(ctx: Context, typed: str) -> Reply:
    # Wrong codes get a message, not a Refusal: a Refusal would roll back the count of wrong codes.
    if until := link_codes.must_wait(ctx.session, ctx.me, ctx.now):
        return views.too_many(until)
    owner = link_codes.owner(ctx.session, typed, ctx.now)
    if owner is None:
        return views.wrong(link_codes.count_wrong(ctx.session, ctx.me, ctx.now))
    if owner == ctx.me:
        return views.own_code()
    if shared := account_links.shared_platforms(ctx.session, owner, ctx.me):
        return views.same_platform(shared)
    request = link_codes.request(ctx.session, owner, ctx.me, ctx.now)
    return views.ask_asker(request, *_both(ctx, request))


@feature.click("ask", needs=Role.ANYONE, community=False)
def ask(ctx: Context, event: Click) -> Reply:
    """Say yes with the account that typed the code. The one that made it is asked then."""
    request = _request(ctx, event)
    if request.asker_id != ctx.me:
        raise Refusal(views.request_gone())
    request.asked = True
    to, key = ToPerson(request.owner_id, ignores_quiet_hours=True), f"linking.asked.{request.id}"
    accounts = _both(ctx, request)
    ctx.post(to, key, lambda: showing(views.ask_owner(request, *accounts), [request.asker_id]))
    return views.asked(request.until)


@feature.click("decline", needs=Role.ANYONE, community=False)
def decline(ctx: Context, event: Click) -> Reply:
    """Say no with either account."""
    request = _request(ctx, event)
    if ctx.me not in (request.asker_id, request.owner_id):
        raise Refusal(views.request_gone())
    if request.asked:
        if ctx.me == request.owner_id:
            ctx.post(
                ToPerson(request.asker_id, ignores_quiet_hours=True),
                f"linking.declined.{request.id}",
                views.declined_by_owner,
            )
        else:
            to = ToPerson(request.owner_id, ignores_quiet_hours=True)
            ctx.post(to, f"linking.asked.{request.id}", views.withdrawn)
    ctx.session.delete(request)
    return views.declined()


@feature.click("confirm", needs=Role.ANYONE, community=False)
def confirm(ctx: Context, event: Click) -> Reply:
    """Say yes with the account that made the code, after the one that typed it. They are linked then."""
    request = _request(ctx, event)
    if request.owner_id != ctx.me or not request.asked:
        raise Refusal(views.request_gone())
    asker, owner = request.asker_id, request.owner_id
    if shared := account_links.shared_platforms(ctx.session, owner, asker):
        return views.same_platform(shared)
    theirs, own = _both(ctx, request)
    # Before they are one person, while each message still goes to an account of its own.
    key = f"linking.linked.{request.id}"
    for person in (asker, owner):
        to = ToPerson(person, ignores_quiet_hours=True)
        ctx.post(to, key, lambda: showing(views.linked(theirs, own), [asker, owner]))
    account_links.merge(ctx.session, merged=asker, stays=owner, now=ctx.now)
    ctx.actor = people.get(ctx.session, owner)
    return views.linked(theirs, own)


def _request(ctx: Context, event: Click) -> LinkRequest:
    """Return the request that a button means. From here on no community is meant: the two may have none in common."""
    ctx.community_or_none = None
    request = link_codes.open_request(ctx.session, parse_id(event.value), ctx.now)
    if request is None:
        raise Refusal(views.request_gone())
    return request


def _both(ctx: Context, request: LinkRequest) -> tuple[list[ShownAccount], list[ShownAccount]]:
    """Return the accounts of the person who typed the code, and of the one who made it."""
    return _shown(ctx, request.asker_id), _shown(ctx, request.owner_id)


def _shown(ctx: Context, person: int) -> list[ShownAccount]:
    return _as_shown(ctx, people.accounts(ctx.session, person))


def _brought(ctx: Context, link: AccountLink) -> list[ShownAccount]:
    return _as_shown(ctx, account_links.accounts_of(ctx.session, link))


def _as_shown(ctx: Context, accounts: Sequence[Account]) -> list[ShownAccount]:
    return [
        ShownAccount(row.name, row.platform, communities.space_name(ctx.session, row.platform, row.space))
        for row in accounts
    ]


@feature.command(
    "unlink",
    help="Undo linking two accounts, within a week",
    needs=Role.ANYONE,
    community=False,
)
def ask_to_unlink(ctx: Context, event: Command) -> Reply:
    return _ask_to_undo(ctx)


@feature.click("unlink", needs=Role.ANYONE, community=False)
def ask_to_unlink_from_card(ctx: Context, event: Click) -> Reply:
    return _ask_to_undo(ctx)


def _ask_to_undo(ctx: Context) -> Reply:
    found = [
        (account_links.key(row), _brought(ctx, row)) for row in account_links.undoable(ctx.session, ctx.me, ctx.now)
    ]
    return views.ask_to_undo([(id, brought) for id, brought in found if brought])


@feature.click("undo", needs=Role.ANYONE, community=False)
def undo(ctx: Context, event: Click) -> Reply:
    wanted = parse_id(event.value)
    found = [row for row in account_links.undoable(ctx.session, ctx.me, ctx.now) if row.id == wanted]
    if not found or not (brought := _brought(ctx, found[0])):
        raise Refusal(views.cannot_undo())
    [row] = found
    ctx.community_or_none = None
    acting = ctx.presence.account if ctx.presence else None
    stays, back = row.person_id, account_links.undo(ctx.session, row)
    for person in (stays, back):
        to, key = ToPerson(person, ignores_quiet_hours=True), f"linking.undone.{wanted}"
        ctx.post(to, key, lambda: showing(views.undone(brought), [stays, back]))
    if acting:
        ctx.session.refresh(acting)
        ctx.actor = people.get(ctx.session, acting.person_id)
    return views.undone(brought)
