"""Handlers that confirm which organization a member belongs to. Nobody confirms themselves.

A member types an organization in the settings. A colleague who is confirmed for it answers, or else a facilitator.
Until then it opens nothing. Facilitators can confirm, and end a confirmation, at any time.
"""

from hashlib import sha256

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.features.members import organization_views as views
from bot.features.members.feature import feature
from bot.ui import Reply, ToPerson
from bot.ui.markup import mention
from storage.messaging import outbox
from storage.people import organizations, people
from storage.people.people import Membership, Person


def ask_to_confirm(ctx: Context, row: Membership) -> None:
    """Ask whoever can confirm the organization that a member just typed, once a day at most."""
    if not row.organization or row.organization_confirmed:
        return
    asked_today = row.organization_asked_at and (ctx.now - row.organization_asked_at).days < 1
    if not asked_today:
        organizations.ask(row, ctx.now)
        for person in organizations.who_confirms(ctx.session, row):
            _ask(ctx, row, ctx.person, person)


def _ask(ctx: Context, row: Membership, member: Person, receiver: Person) -> None:
    name = mention(people.key(member), member.name)
    key = _question_key(row)
    ctx.post(ToPerson(people.key(receiver)), key, views.question, name, row.organization, ctx.community.name, _ref(row))


def _question_key(row: Membership) -> str:
    day = f"{row.organization_asked_at:%Y%m%d}" if row.organization_asked_at else ""
    return f"members.organization.{row.id}.{_digest(row)}.{day}"


def _digest(row: Membership) -> str:
    return sha256(row.organization.encode()).hexdigest()[:8]


def _ref(row: Membership) -> str:
    """Name a membership and the organization it has now: a button says nothing about another one typed later."""
    return f"{row.id}.{_digest(row)}"


@feature.click("confirm_organization")
def confirm(ctx: Context, event: Click) -> Reply:
    row, person = _meant(ctx, event)
    if not row.organization_confirmed:
        row.organization_confirmed = True
        ctx.session.flush()
        ctx.audit("members.confirm_organization", f"person {person.id}")
        _tell(ctx, row, person, confirmed=True)
        _ask_about_others(ctx, row, person)
    return _answered(ctx, row, person, row.organization, confirmed=True)


@feature.click("refuse_organization")
def refuse(ctx: Context, event: Click) -> Reply:
    """Say that a member does not belong to the organization, before it was confirmed or after."""
    row, person = _meant(ctx, event)
    name = row.organization
    ctx.audit("members.refuse_organization", f"person {person.id}")
    _tell(ctx, row, person, confirmed=False)
    organizations.end(row)
    return _answered(ctx, row, person, name, confirmed=False)


def _meant(ctx: Context, event: Click) -> tuple[Membership, Person]:
    """Return whom the button or menu means. Refuses who may not answer: strangers to the organization, and the member.

    Those who joined it themselves without being confirmed may not either.
    """
    id, _dot, digest = (event.chosen[0] if event.chosen else event.value).partition(".")
    found = organizations.get(ctx.session, ctx.community_id, parse_id(id))
    if found is None or _digest(found[0]) != digest:
        raise Refusal(views.changed_since())
    if found[0].person_id == ctx.me:
        raise Refusal(views.not_yourself())
    is_colleague = organizations.confirmed(ctx.membership) == found[0].organization
    leads = ctx.access.is_facilitator or any(p.id == ctx.me for p in people.facilitators(ctx.session, ctx.community_id))
    if not is_colleague and not leads:
        raise Refusal(views.not_for_you())
    return found


def _tell(ctx: Context, row: Membership, person: Person, *, confirmed: bool) -> None:
    """Tell the member, and show the answer to everyone who was asked."""
    by = mention(ctx.me, ctx.person.name)
    view = views.you_are_confirmed if confirmed else views.you_are_refused
    told = f"members.organization_answer.{row.id}.{_digest(row)}.{ctx.now:%Y%m%d%H%M%S}"
    ctx.post(ToPerson(row.person_id), told, view, by, row.organization, ctx.community.name)
    key, name = _question_key(row), mention(people.key(person), person.name)
    for receiver in outbox.receivers(ctx.session, key):
        ctx.post(ToPerson(receiver), key, views.answered, name, row.organization, confirmed, by)


def _answered(ctx: Context, row: Membership, person: Person, organization: str, *, confirmed: bool) -> Reply:
    return views.answered(
        mention(people.key(person), person.name), organization, confirmed, mention(ctx.me, ctx.person.name)
    )


def _ask_about_others(ctx: Context, row: Membership, person: Person) -> None:
    """Ask somebody who has just been confirmed about those who wait for the same organization.

    The only facilitator of a community can be confirmed by nobody before that.
    """
    for waiting, member in organizations.members(ctx.session, ctx.community_id, confirmed=False):
        if waiting.organization == row.organization and waiting.id != row.id:
            if waiting.organization_asked_at is None:
                organizations.ask(waiting, ctx.now)
            _ask(ctx, waiting, member, person)


@feature.command(
    "organizations",
    help="Confirm which organizations members belong to",
    needs=Role.FACILITATOR,
)
def show(ctx: Context, event: Command) -> Reply:
    def listed(confirmed: bool) -> list[views.Listed]:
        found = organizations.members(ctx.session, ctx.community_id, confirmed=confirmed)
        return [
            views.Listed(_ref(row), person.name, row.organization) for row, person in found if row.person_id != ctx.me
        ]

    return views.overview(listed(False), listed(True))
