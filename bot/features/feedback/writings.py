"""What people write with this feature, for `data show`."""

from typing import Protocol

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.feedback import follow_ups, rules, survey
from bot.features.feedback.feature import feature
from bot.i18n import gettext as _
from bot.i18n import gettext_noop as N_
from storage.learning.commitments import Commitment, Takeaway
from storage.meetings import meetings
from storage.meetings.feedback import Feedback, FollowUp, TypeAnswer


class OfMeeting(Protocol):
    """A row about a meeting."""

    meeting_id: int | None


def _meeting(ctx: Context, row: OfMeeting) -> str:
    meeting = meetings.get(ctx.session, ctx.community_id, row.meeting_id) if row.meeting_id else None
    return meeting.title if meeting else ""


def _refresh_survey(ctx: Context, row: Feedback) -> None:
    if meeting := meetings.get(ctx.session, ctx.community_id, row.meeting_id):
        survey.show_count(ctx, meeting)


def _give_anew(ctx: Context, row: Feedback | TypeAnswer) -> None:
    """Let those read the new words who facilitate now, as if they were written in their form."""
    row.written_at = ctx.now


def _refresh_next(ctx: Context, row: FollowUp) -> None:
    follow_ups.refresh_next_card(ctx)


def _without_name(_ctx: Context, _row: Feedback | TypeAnswer) -> str:
    return _("facilitators, without your name, once at least {n} people have answered").format(n=rules.RELEASED_AT)


feature.writing(
    "feedback",
    Writing(
        N_("Feedback after meetings"),
        Feedback,
        {"worked": N_("What worked"), "change": N_("What to change")},
        "written_at",
        most=rules.LONGEST,
        about=_meeting,
        readers=_without_name,
        changed=_give_anew,
        removed=_refresh_survey,
        may_be_empty=True,
    ),
)
feature.writing(
    "type_answer",
    Writing(
        N_("Answers after visits and events"),
        TypeAnswer,
        {"words": N_("Your answer")},
        "written_at",
        most=rules.LONGEST,
        about=_meeting,
        readers=_without_name,
        changed=_give_anew,
    ),
)
feature.writing(
    "commitment",
    Writing(
        N_("Commitments"),
        Commitment,
        {"words": N_("What you will do")},
        "made_at",
        most=rules.LONGEST,
        about=_meeting,
        readers=N_("only you"),
        in_workbook=True,
    ),
)
feature.writing(
    "takeaway",
    Writing(
        N_("Takeaways"),
        Takeaway,
        {"words": N_("What you took home")},
        "written_at",
        most=rules.LONGEST,
        about=_meeting,
        readers=N_("you, and colleagues at your organization if you shared it"),
        in_workbook=True,
    ),
)
feature.writing(
    "follow_up",
    Writing(
        N_("Replies to feedback"),
        FollowUp,
        {"said": N_("What people said"), "did": N_("What was done")},
        "at",
        most=rules.LONGEST_REPLY,
        about=_meeting,
        readers=N_("everyone in the community"),
        changed=_refresh_next,
        removed=_refresh_next,
        required=("said", "did"),
    ),
)
