"""Messages and forms about who may join: requests, invitations, removal, and the policy."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.limit_words import Promise
from bot.features.members.views import name, terms
from bot.i18n import gettext as _
from bot.i18n import ngettext
from bot.ui import Button, Form, Message, Note, Part, Quote, Select, Text, TextField, card
from bot.ui.markup import command, cut, esc, mention, moment
from storage.communities.communities import APPROVAL, CHANNEL, INVITATION, JOIN_POLICIES, Community
from storage.people import people
from storage.people.people import Person

LONGEST_REASON = 300  # characters
# What became of a request, for the facilitators who were asked.
ACCEPTED, DECLINED, TAKEN_BACK = "accepted", "declined", "taken back"
# What a facilitator ought to know of somebody before they say yes.
REMOVED, GUEST = "removed before", "from another company"
# People in one list, and characters of a name in it. Three lists fit into a message (bot/ui/limits.py).
MOST, LONGEST_NAME = 15, 30


def _person(who: Person) -> str:
    return mention(people.key(who), who.name)


def _listed(those: Sequence[Person]) -> str:
    named = ", ".join(mention(people.key(who), cut(who.name, LONGEST_NAME)) for who in those[:MOST])
    more = len(those) - MOST
    return named if more <= 0 else _("{names}, and {n} more").format(names=named, n=more)


def policy_name(policy: str) -> str:
    return {
        CHANNEL: _("people in its channel"),
        APPROVAL: _("people in its channel, once a facilitator says yes"),
        INVITATION: _("people a facilitator invites"),
    }.get(policy, policy)


# --- asking


def asked(community: str) -> Message:
    return Message(
        (
            Text(_("I’ve asked the facilitators of {name}. I’ll tell you what they say.").format(name=name(community))),
            Note(_("Until then you’re not a member, and you can’t see what members share.")),
        ),
        actions=(Button(_("Take back my request"), "members.take_back"),),
        replace=True,
    )


def asked_already(community: str) -> Message:
    return Message(
        (Text(_("You’ve asked to join {name}. The facilitators haven’t answered yet.").format(name=name(community))),),
        actions=(Button(_("Take back my request"), "members.take_back"),),
    )


def taken_back() -> Message:
    return card(_("You’ve taken back your request. You can ask again anytime."), replace=True)


def nobody_to_ask() -> str:
    return _("No one here can say yes yet. An admin has to name a facilitator first.")


def by_invitation(names: str) -> str:
    if not names:
        return _("People join this community by invitation.")
    return _("People join this community by invitation. You can ask a facilitator: {names}.").format(names=names)


def declined_lately(until: datetime, names: str) -> str:
    again = _("A facilitator declined your request. You can ask again {when}.").format(when=moment(until, "day"))
    return again if not names else _("{again} You can also talk to one of them: {names}.").format(
        again=again, names=names
    )  # fmt: skip


def request(community: str, who: Person, answer: str, warnings: Sequence[str]) -> Message:
    """The card that asks the facilitators, with `warnings`; with an `answer`, what became of it."""
    said = {
        "": _("{person} asks to join {name}."),
        ACCEPTED: _("{person} asked to join {name}. They’re a member now."),
        DECLINED: _("{person} asked to join {name}. A facilitator declined."),
        TAKEN_BACK: _("{person} asked to join {name}, and took the request back."),
    }[answer]
    parts: list[Part] = [Text(said.format(person=_person(who), name=name(community)))]
    if answer:
        return Message(tuple(parts), title=_("Request to join"))
    warn = {REMOVED: _("A facilitator removed them before."), GUEST: _("They’re from another company.")}
    parts += [Note(warn[each]) for each in warnings]
    parts.append(Note(_("Members can read what others share here. I’ll tell them either way.")))
    id = str(people.key(who))
    return Message(
        tuple(parts),
        title=_("Request to join"),
        actions=(
            Button(_("Accept"), "members.accept", id, "primary"),
            Button(_("Decline"), "members.refuse", id),
        ),
    )


def no_longer_asking() -> str:
    return _("They’re not waiting for an answer anymore: someone answered, or they took the request back.")


def accepted(who: Person, community: str) -> Message:
    return card(
        _("{person} is a member of {name} now. I’ve told them.").format(person=_person(who), name=name(community)),
        replace=True,
    )


def refused(community: str) -> Message:
    return Message(
        (
            Text(_("You asked to join {name}. This time a facilitator said no.").format(name=name(community))),
            Note(_("If you think that’s a mistake, talk to one of the facilitators.")),
        ),
        title=_("Your request"),
    )


def refused_reply(who: Person) -> Message:
    return card(_("Declined. I’ve told {person} kindly.").format(person=_person(who)), replace=True)


# --- inviting


def who_is_meant(line: str, typed: str) -> str:
    return _("I didn’t understand “{typed}”. Pick a person with @, like this: {right}.").format(
        typed=esc(cut(typed, 60)), right=command(f"{line} @Ben", "facilitator")
    )


def is_member_already(who: Person, community: str) -> Message:
    return card(_("{person} is a member of {name} already.").format(person=_person(who), name=name(community)))


def invited(who: Person, community: str) -> Message:
    return card(
        _("I’ve invited {person} to {name}. They can join within 30 days, or say no.").format(
            person=_person(who), name=name(community)
        )
    )


def invitation(community: Community, promise: Promise, by: Person) -> Message:
    purpose = (Quote(cut(community.purpose, 600)),) if community.purpose else ()
    return Message(
        (
            Text(_("{person} invites you to {name}.").format(person=_person(by), name=name(community.name))),
            *purpose,
            Text(terms(community, promise)),
        ),
        title=_("An invitation"),
        actions=(
            Button(_("Join"), "members.agree", style="primary"),
            Button(_("No thanks"), "members.decline"),
        ),
    )


# --- who joined, and removal


def joined_today(community: str, those: Sequence[Person]) -> Message:
    """Tell the facilitators who joined on one day. Rewritten when more do, or when one of them is gone again."""
    if not those:
        return card(_("No one who joined {name} that day is still a member.").format(name=name(community)))
    said = ngettext("{people} joined {name}.", "{people} joined {name}.", len(those))
    return Message(
        (
            Text(said.format(people=_listed(those), name=name(community))),
            Note(
                _("Only facilitators can see this. If someone doesn’t belong, use {remove}.").format(
                    remove=command("member remove", "facilitator")
                )
            ),
        ),
        title=_("New members"),
    )


def removal_form(who: Person, community: str, reason: str) -> Form:
    return Form(
        "members.remove",
        _("Remove a member"),
        (
            TextField(
                "reason",
                _("Why?"),
                long=True,
                initial=reason,
                max_length=LONGEST_REASON,
                hint=_("They can read this. It’s also in the audit log."),
            ),
        ),
        value=str(people.key(who)),
        submit=_("Remove"),
        intro=_(
            "Remove {person} from {name}? What they shared stays without their name. They can come back only if a "
            "facilitator says yes."
        ).format(person=f"**{esc(cut(who.name, 80))}**", name=name(community)),
    )


def reason_problem(size: int) -> str:
    if not size:
        return _("Add a reason in a few words.")
    return _("Up to {n} characters. This one is {size}.").format(n=LONGEST_REASON, size=size)


def not_a_member() -> str:
    return _("They’re not a member here, so there’s nothing to remove.")


def leave_instead() -> str:
    return _("That’s you. To leave, use {leave}.").format(leave=command("leave"))


def has_a_role(who: Person) -> str:
    return _("{person} facilitates or administers this community. Only an admin can remove them.").format(
        person=_person(who)
    )


def removed(who: Person, community: str) -> Message:
    return card(
        _("Removed: {person} isn’t a member of {name} anymore. I’ve told them why.").format(
            person=_person(who), name=name(community)
        )
    )


def you_were_removed(community: str, reason: str) -> Message:
    return Message(
        (
            Text(_("You’re not a member of {name} anymore. A facilitator wrote:").format(name=name(community))),
            Quote(reason),
            Note(
                _(
                    "What you shared there no longer carries your name. What only you can read stays yours: use "
                    "{data}. To come back, use {join}, and a facilitator decides."
                ).format(data=command("data"), join=command("join"))
            ),
        ),
        title=_("Your membership"),
    )


# --- the policy


def policy(now: str) -> Message:
    rows = "\n".join(f"- `{value}`: {policy_name(value)}" for value in JOIN_POLICIES)
    return Message(
        (
            Text(_("Who can join: **{who}**.").format(who=policy_name(now))),
            Text(_("To change that, use {line} with one of these words:").format(line=_policy_line()) + "\n\n" + rows),
        ),
        title=_("Who can join"),
    )


def _policy_line() -> str:
    return command("member policy", "facilitator")


def policy_saved(now: str) -> Message:
    return card(_("Saved. Who can join from now on: **{who}**.").format(who=policy_name(now)))


def policy_changed(community: str, now: str, by: Person) -> Message:
    return card(
        _("{person} changed who can join {name}: **{who}**.").format(
            person=_person(by), name=name(community), who=policy_name(now)
        )
    )


# --- people from other companies


def from_another_company(who: Person, community: str) -> str:
    return _(
        "{person} is from another company, and {name} isn’t open to those. An admin can open it with {line}."
    ).format(person=_person(who), name=name(community), line=_other_companies_line("on"))


def other_companies(community: Community, guests: Sequence[Person]) -> Message:
    """Say whether people from other companies can join, and which members are `guests`."""
    if community.other_companies:
        said = _("People from other companies can join {name}, in the same way as people from yours.")
        change = _("To stop that, use {line}. Members stay.").format(line=_other_companies_line("off"))
    else:
        said = _("People from other companies can’t join {name}. They can only read what’s in its channel.")
        change = _("To let them join, use {line}.").format(line=_other_companies_line("on"))
    parts: list[Part] = [Text(said.format(name=name(community.name)))]
    if guests:
        parts.append(Text(_("**Members from other companies:** {names}").format(names=_listed(guests))))
    if guests and not community.other_companies:
        parts.append(
            Text(
                _("They stay members. If one of them shouldn’t be, use {remove}.").format(
                    remove=command("member remove", "facilitator")
                )
            )
        )
    parts.append(
        Note(_("This is about channels you share with another company, as with Slack Connect.") + " " + change)
    )
    return Message(tuple(parts), title=_("Other companies"))


def other_companies_changed(community: Community, by: Person) -> Message:
    said = (
        _("{person} opened {name} to people from other companies.")
        if community.other_companies
        else _("{person} closed {name} to people from other companies. Members stay.")
    )
    return card(said.format(person=_person(by), name=name(community.name)))


def _other_companies_line(value: str) -> str:
    return command(f"member other-companies {value}", "admin")


def members(
    community: Community, joined: Sequence[Person], asking: Sequence[Person], invited: Sequence[Person]
) -> Message:
    parts: list[Part] = [
        Text(_("**Members:** {names}").format(names=_listed(joined) or _("none yet"))),
        *([Text(_("**Asked to join:** {names}").format(names=_listed(asking)))] if asking else []),
        *([Text(_("**Invited:** {names}").format(names=_listed(invited)))] if invited else []),
        Note(
            _("Who can join: {who}. To change that, use {line}.").format(
                who=policy_name(community.join_policy), line=_policy_line()
            )
        ),
    ]
    waiting = tuple((str(people.key(who)), cut(who.name or "…", 75)) for who in asking[:25])
    menu = (Select(_("Answer a request"), "members.request", waiting),) if waiting else ()
    return Message(tuple(parts), title=cut(community.name, 100), actions=menu)
