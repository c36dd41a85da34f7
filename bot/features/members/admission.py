"""Who may join: asking, a facilitator's answer, invitations, removal, and the community's policy.

A member joins at once, asks, or is invited, depending on `bot.core.standing`. Facilitators are told who joined in one
message a day, which is rewritten while the day lasts. Whoever was removed comes back only with a facilitator's yes.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core import appointments, person_reference, standing
from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.identity import facilitator_names
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.standing import ASK_AGAIN, WayIn, way_in
from bot.features.members import admission_views, views
from bot.features.members.feature import feature
from bot.operations import schedule_plan
from bot.ui import FormErrors, Reply, ToFacilitators, ToPerson
from storage.communities.communities import JOIN_POLICIES
from storage.messaging import outbox
from storage.people import organizations, people
from storage.people.people import Membership, Person, is_member
from storage.privacy import personal_data

A_DAY = timedelta(days=1)


def consent(ctx: Context, *, replace: bool, asks: bool = False) -> Reply:
    """Ask for consent. `asks`: a facilitator has to say yes before the person is a member."""
    promise = schedule_plan.promised(ctx.session, ctx.community_id)
    return views.consent(ctx.community, promise, replace=replace, asks=asks, reads_threads=ctx.reads_threads)


def let_in(ctx: Context, person: int) -> None:
    """Make a person a member, welcome them, and tell the facilitators."""
    people.join(people.enrol(ctx.session, ctx.community_id, person), ctx.now)
    ctx.session.flush()
    welcome = f"members.welcome.{ctx.community_id}"
    ctx.post(ToPerson(person, ignores_quiet_hours=True), welcome, views.welcome, ctx.community.name)
    tell_who_joined(ctx)


def tell_who_joined(ctx: Context) -> None:
    """Post the list of those who joined today to the facilitators: a second one the same day rewrites the first."""
    _post_who_joined(ctx, ctx.now.astimezone(ZoneInfo(ctx.community.zone)).date())


@feature.redraw("joined")
def redraw_who_joined(ctx: Context, value: str) -> None:
    _post_who_joined(ctx, date.fromisoformat(value.rpartition(".")[2]))


def _post_who_joined(ctx: Context, day: date) -> None:
    midnight = datetime.combine(day, time(0), ZoneInfo(ctx.community.zone))
    joined = people.joined_between(ctx.session, ctx.community_id, midnight, midnight + A_DAY)
    key = f"members.joined.{ctx.community_id}.{midnight:%Y%m%d}"
    for facilitator in people.facilitators(ctx.session, ctx.community_id):
        id = people.key(facilitator)
        others = [who for who in joined if people.key(who) != id]
        if others or outbox.by_key(ctx.session, f"{key}@p{id}"):
            ctx.post(ToPerson(id), key, admission_views.joined_today, ctx.community.name, others)


def end_membership(ctx: Context, row: Membership, *, delete_too: bool) -> None:
    """End a membership and the role that goes with it. What the person shared stays without a name, or is deleted."""
    row.left_at, row.role, row.facilitates = ctx.now, int(Role.MEMBER), False
    row.requested_at = row.invited_at = None
    ctx.session.flush()
    appointments.follow(ctx, row)
    row.role_group = ""
    organizations.end(row)
    personal_data.leave(ctx.session, row.person_id, ctx.community_id, views.nameless(), delete_too=delete_too)


def not_open(ctx: Context, way: WayIn) -> Reply:
    """Say why the person cannot join from here. Refuses where nothing may be said about the community."""
    match way:
        case WayIn.ASKED:
            return admission_views.asked_already(ctx.community.name)
        case WayIn.DECLINED:
            row = ctx.membership
            assert row is not None
            assert row.declined_at is not None
            raise Refusal(admission_views.declined_lately(row.declined_at + ASK_AGAIN, facilitator_names(ctx)))
        case WayIn.BY_INVITATION:
            raise Refusal(admission_views.by_invitation(facilitator_names(ctx)))
        case _:
            raise Refusal(views.nothing_to_join())


# --- asking


@feature.click("ask", needs=Role.ANYONE)
def ask(ctx: Context, event: Click) -> Reply:
    """Ask the facilitators to let the person in: they have seen what is kept, and agree. Twice is one request."""
    match way_in(ctx):
        case WayIn.MEMBER:
            return views.already(ctx.community.name, replace=True)
        case WayIn.JOIN:
            return consent(ctx, replace=True)
        case WayIn.ASK:
            pass
        case closed:
            return not_open(ctx, closed)
    if not people.facilitators(ctx.session, ctx.community_id):
        raise Refusal(admission_views.nobody_to_ask())
    row = people.enrol(ctx.session, ctx.community_id, ctx.me)
    row.requested_at, row.declined_at = ctx.now, None
    ctx.session.flush()
    _tell_of_request(ctx, ctx.person, row, "")
    return admission_views.asked(ctx.community.name)


def _tell_of_request(ctx: Context, who: Person, row: Membership, answer: str) -> None:
    """Post a request to the facilitators, or rewrite it with its `answer`, so that none of them decides twice."""
    key = f"members.request.{row.id}.{row.requested_at:%Y%m%d%H%M%S}"
    ctx.post(ToFacilitators(), key, admission_views.request, ctx.community.name, who, answer, _warnings(ctx, row))


def _warnings(ctx: Context, row: Membership) -> list[str]:
    """Return what a facilitator ought to know of somebody before they say yes: REMOVED or GUEST."""
    known = {
        admission_views.REMOVED: row.removed_at is not None,
        admission_views.GUEST: standing.is_guest(ctx, row.person_id),
    }
    return [warning for warning, applies in known.items() if applies]


def _require_open_to(ctx: Context, who: Person) -> None:
    if standing.is_shut_out(ctx, people.key(who)):
        raise Refusal(admission_views.from_another_company(who, ctx.community.name))


@feature.click("take_back", needs=Role.ANYONE)
def take_back(ctx: Context, event: Click) -> Reply:
    row = ctx.membership
    if row and row.requested_at:
        _tell_of_request(ctx, ctx.person, row, admission_views.TAKEN_BACK)
        row.requested_at = None
        ctx.session.flush()
        if not people.is_known(row):
            ctx.session.delete(row)
    return admission_views.taken_back()


@feature.click("accept", needs=Role.FACILITATOR)
def accept(ctx: Context, event: Click) -> Reply:
    who, row = _asking(ctx, event.value)
    _require_open_to(ctx, who)
    _tell_of_request(ctx, who, row, admission_views.ACCEPTED)
    let_in(ctx, people.key(who))
    ctx.audit("members.accept", f"person {people.key(who)}")
    return admission_views.accepted(who, ctx.community.name)


@feature.click("refuse", needs=Role.FACILITATOR)
def refuse(ctx: Context, event: Click) -> Reply:
    who, row = _asking(ctx, event.value)
    _tell_of_request(ctx, who, row, admission_views.DECLINED)
    to, key = ToPerson(people.key(who)), f"members.refused.{row.id}.{row.requested_at:%Y%m%d%H%M%S}"
    ctx.post(to, key, admission_views.refused, ctx.community.name)
    row.requested_at, row.declined_at = None, ctx.now
    ctx.audit("members.refuse", f"person {people.key(who)}")
    return admission_views.refused_reply(who)


def _asking(ctx: Context, id: str) -> tuple[Person, Membership]:
    """Return who waits for an answer here; refuse if they don't, because somebody else has answered or they left."""
    row = people.membership(ctx.session, ctx.community_id, parse_id(id))
    who = people.get(ctx.session, row.person_id) if row and row.requested_at and not is_member(row) else None
    if row is None or who is None:
        raise Refusal(admission_views.no_longer_asking())
    return who, row


# --- inviting and removing


@feature.command(
    "member invite",
    help="Invite a person to this community; they choose whether to join",
    needs=Role.FACILITATOR,
    argument="<@person>",
    example="member invite @Ben",
)
def invite(ctx: Context, event: Command) -> Reply:
    """Invite a person, or let them in if they have asked. An invitation lasts for `standing.INVITATION_LASTS`."""
    account = person_reference.read(event.text)
    if not account:
        raise Refusal(admission_views.who_is_meant("member invite", event.text))
    who = people.get_or_create(ctx.session, platform=ctx.here.platform, space=ctx.here.space, external=account)
    row = people.enrol(ctx.session, ctx.community_id, people.key(who))
    if is_member(row):
        return admission_views.is_member_already(who, ctx.community.name)
    _require_open_to(ctx, who)
    if row.requested_at:
        _tell_of_request(ctx, who, row, admission_views.ACCEPTED)
        let_in(ctx, people.key(who))
        ctx.audit("members.accept", f"person {people.key(who)}")
        return admission_views.accepted(who, ctx.community.name)
    row.invited_at = ctx.now
    ctx.session.flush()
    to, key = ToPerson(people.key(who)), f"members.invitation.{row.id}.{ctx.now:%Y%m%d}"
    promise = schedule_plan.promised(ctx.session, ctx.community_id)
    ctx.post(to, key, admission_views.invitation, ctx.community, promise, ctx.person)
    ctx.audit("members.invite", f"person {people.key(who)}")
    return admission_views.invited(who, ctx.community.name)


@feature.command(
    "member remove",
    help="Remove a member, and tell them why",
    needs=Role.FACILITATOR,
    argument="<@person>",
    example="member remove @Ben",
)
def ask_why(ctx: Context, event: Command) -> Reply:
    """Ask for the reason first: removing takes the person's name off what they shared, which nothing brings back."""
    account = person_reference.read(event.text)
    known = people.account(ctx.session, ctx.here.platform, account) if account else None
    if not account:
        raise Refusal(admission_views.who_is_meant("member remove", event.text))
    who, _row = _removable(ctx, known.person_id if known else 0)
    return admission_views.removal_form(who, ctx.community.name, "")


@feature.form("remove", shared=(), needs=Role.FACILITATOR)
def remove(ctx: Context, event: Submission) -> Reply:
    who, row = _removable(ctx, parse_id(event.value))
    reason = event.answers["reason"].strip()
    if not reason or len(reason) > admission_views.LONGEST_REASON:
        form = admission_views.removal_form(who, ctx.community.name, reason[: admission_views.LONGEST_REASON])
        return FormErrors(form, {"reason": admission_views.reason_problem(len(reason))})
    end_membership(ctx, row, delete_too=False)
    row.removed_at, row.removal_reason = ctx.now, reason
    to, key = ToPerson(people.key(who)), f"members.removed.{row.id}.{ctx.now:%Y%m%d%H%M%S}"
    ctx.post(to, key, admission_views.you_were_removed, ctx.community.name, reason)
    ctx.audit("members.remove", f"person {people.key(who)}")
    return admission_views.removed(who, ctx.community.name)


def _removable(ctx: Context, person: int) -> tuple[Person, Membership]:
    """Return a member whom the person who acts may remove. Only an admin removes those who have a role."""
    row = people.membership(ctx.session, ctx.community_id, person)
    who = people.get(ctx.session, person) if is_member(row) else None
    if row is None or who is None:
        raise Refusal(admission_views.not_a_member())
    if person == ctx.me:
        raise Refusal(admission_views.leave_instead())
    if row.role > Role.MEMBER and ctx.access.role < Role.ADMIN:
        raise Refusal(admission_views.has_a_role(who))
    return who, row


# --- the policy, and who is in


@feature.command(
    "member policy",
    help="Who can join this community, and changing that",
    needs=Role.FACILITATOR,
    argument="[channel|approval|invitation]",
    choices=JOIN_POLICIES,
    example="member policy approval",
)
def policy(ctx: Context, event: Command) -> Reply:
    wanted = event.text.lower()
    if not wanted or wanted == ctx.community.join_policy:
        return admission_views.policy(ctx.community.join_policy)
    ctx.community.join_policy = wanted
    ctx.audit("members.policy", wanted)
    key = f"members.policy.{ctx.community_id}.{ctx.now:%Y%m%d%H%M%S}"
    ctx.post(ToFacilitators(), key, admission_views.policy_changed, ctx.community.name, wanted, ctx.person)
    return admission_views.policy_saved(wanted)


@feature.command(
    "member other-companies",
    help="Whether people from other companies can join, where a channel is shared with them",
    needs=Role.ADMIN,
    argument="[on|off]",
    choices=("on", "off"),
    example="member other-companies on",
)
def other_companies(ctx: Context, event: Command) -> Reply:
    guests = [
        who for _row, who in people.members(ctx.session, ctx.community_id) if standing.is_guest(ctx, people.key(who))
    ]
    wanted = event.text.lower()
    if not wanted or (wanted == "on") is ctx.community.other_companies:
        return admission_views.other_companies(ctx.community, guests)
    ctx.community.other_companies = wanted == "on"
    ctx.audit("members.other_companies", wanted)
    key = f"members.other_companies.{ctx.community_id}.{ctx.now:%Y%m%d%H%M%S}"
    ctx.post(ToFacilitators(), key, admission_views.other_companies_changed, ctx.community, ctx.person)
    return admission_views.other_companies(ctx.community, guests)


@feature.command("member show", help="Who belongs here, who asked to join, and who is invited", needs=Role.FACILITATOR)
def show(ctx: Context, event: Command) -> Reply:
    joined = [person for _row, person in people.members(ctx.session, ctx.community_id)]
    asking = people.requests(ctx.session, ctx.community_id)
    invited = people.invited(ctx.session, ctx.community_id)
    return admission_views.members(ctx.community, joined, asking, invited)


@feature.click("request", needs=Role.FACILITATOR)
def show_request(ctx: Context, event: Click) -> Reply:
    """Show one request again, chosen from the list of members."""
    who, row = _asking(ctx, event.chosen[0] if event.chosen else event.value)
    return admission_views.request(ctx.community.name, who, "", _warnings(ctx, row))
