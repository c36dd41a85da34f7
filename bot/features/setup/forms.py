"""The first two forms of setup, and messages about fields that are not valid. The third is in cadence_views."""

from collections.abc import Sequence

from babel import Locale

from bot.features.setup.cadence_views import nearest
from bot.features.setup.draft import Plan
from bot.features.setup.rules import LONGEST_LINK, LONGEST_NAME, LONGEST_PURPOSE
from bot.i18n import gettext as _
from bot.i18n import languages
from bot.ui import ChannelField, ChoiceField, Field, Form, PeopleField, TextField
from bot.ui.markup import cut
from storage.communities.communities import APPROVAL, CHANNEL, INVITATION


def basics_form(plan: Plan, zone: str) -> Form:
    """Ask who the community is. `zone` is as typed."""
    fields: list[Field] = [
        TextField(
            "name",
            _("What is the community called?"),
            initial=plan.name,
            hint=_("For example: Youth workers"),
            max_length=LONGEST_NAME,
        ),
        TextField(
            "purpose",
            _("What for?"),
            long=True,
            required=False,
            initial=plan.purpose,
            max_length=LONGEST_PURPOSE,
            hint=_("One or two sentences. People read it before they join."),
        ),
        TextField("zone", _("Time zone"), initial=zone, hint=_("A city: New York, Berlin, Nairobi"), max_length=60),
        TextField(
            "country",
            _("Keep the public holidays of"),
            required=False,
            initial=plan.country,
            max_length=60,
            hint=_("A country, such as US or Kenya; nothing is asked on its holidays. Empty keeps none."),
        ),
    ]
    if len(languages()) > 1:
        names = tuple((tag, Locale.parse(tag, sep="_").get_display_name() or tag) for tag in languages())
        fields.append(ChoiceField("language", _("Language of my posts"), names, initial=plan.locale))
    return Form("setup.basics", _("Set up, 1 of 3: who"), tuple(fields), submit=_("Next"))


def policies() -> tuple[tuple[str, str], ...]:
    """The join policies, in words."""
    return (
        (CHANNEL, _("People in the channel")),
        (APPROVAL, _("People in the channel, after a facilitator’s yes")),
        (INVITATION, _("People a facilitator invites")),
    )


def people_form(plan: Plan, minutes: str) -> Form:
    """Ask where it meets and who leads it. `minutes` is as typed."""
    fields: tuple[Field, ...] = (
        ChannelField(
            "channel",
            _("In which channel?"),
            initial=plan.channel,
            hint=_("I post only there. I must be able to see it."),
        ),
        PeopleField(
            "facilitators",
            _("Who facilitates?"),
            initial=plan.facilitators,
            hint=_("They open questions and see names."),
        ),
        TextField("minutes", _("How many minutes is a meeting?"), initial=minutes, max_length=10),
        TextField(
            "place",
            _("Where do you meet?"),
            required=False,
            initial=plan.place,
            max_length=LONGEST_LINK,
            hint=_("A room, or a link that starts with https://"),
        ),
        ChoiceField("who_joins", _("Who can join?"), policies(), initial=plan.join_policy),
    )
    return Form("setup.people", _("Set up, 2 of 3: where"), fields, submit=_("Next"))


def unknown_zone(why: str, near: Sequence[str], own: str) -> str:
    """Refuse a zone. `near` are zones that may be meant; `own` is the admin's, "" if unknown."""
    zones = ", ".join(dict.fromkeys([*near, *([own] if own else [])]))
    return nearest(why, zones) if zones else why


def name_missing() -> str:
    return _("Please give it a name, so that people know what they join. Like this: Youth workers")


def name_taken() -> str:
    return _("A community of that name meets here already. Add what sets it apart, such as a place.")


def too_long(most: int) -> str:
    return _("Please use at most {n} characters.").format(n=most)


def unknown_country(near: str) -> str:
    if near:
        return _("I know no public holidays for that. Did you mean {country}? Leave it empty to keep none.").format(
            country=near
        )
    return _("I know no public holidays for that. Use a country or its two letters, like US; or leave it empty.")


def no_channel() -> str:
    return _("Please choose a channel: that is where I post.")


def channel_taken(community: str) -> str:
    return _("{name} meets in that channel. Choose another: a channel belongs to one community.").format(
        name=cut(community, 60)
    )


def no_facilitator() -> str:
    return _("Please choose at least one person; it may be you.")


def not_minutes() -> str:
    return _("That is no number of minutes. Like this: 90")


def bad_link() -> str:
    return _("That link cannot be opened. Like this: https://example.org/room, or the name of a room.")
