"""What people write with this feature, for `data show`."""

from bot.core import signals
from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.meetings import rules
from bot.features.meetings.attendance import catch_up_views
from bot.features.meetings.feature import feature
from bot.i18n import gettext_noop as N_
from storage.meetings import change_log
from storage.meetings.attendance import Attendance
from storage.meetings.change_log import MeetingChange
from storage.meetings.meetings import Meeting
from storage.meetings.rsvps import Rsvp


def _meeting(ctx: Context, row: Attendance | MeetingChange | Rsvp) -> str:
    meeting = ctx.session.get(Meeting, row.meeting_id)
    return meeting.title if meeting else ""


def _reply(ctx: Context, row: Rsvp) -> str:
    return f"{_meeting(ctx, row)}: {row.answer}"


def _refresh(ctx: Context, row: Rsvp | MeetingChange) -> None:
    """Rewrite the meeting's card and reminders."""
    ctx.schedule_timer(signals.MEETING_CARD_STALE, str(row.meeting_id), at=ctx.now)


def _give_note_anew(ctx: Context, row: Rsvp) -> None:
    """Let those read the new note who facilitate now, as if it were written in its form."""
    row.noted_at = ctx.now


def _give_answer_anew(ctx: Context, row: Attendance) -> None:
    row.at = ctx.now


def _why_changed(ctx: Context, row: MeetingChange) -> None:
    """Let the meeting's card say the same as the change, if it is the last one."""
    last, meeting = change_log.last(ctx.session, row.meeting_id), ctx.session.get(Meeting, row.meeting_id)
    if last and last[0].id == row.id and meeting:
        meeting.note = row.note
        ctx.session.flush()
        _refresh(ctx, row)


def _take_reason_back(ctx: Context, row: MeetingChange) -> None:
    row.note = ""
    ctx.session.flush()
    _why_changed(ctx, row)


def _take_answer_back(ctx: Context, row: Attendance) -> None:
    row.answer = ""
    ctx.session.flush()


feature.writing(
    "rsvp",
    Writing(
        N_("RSVPs"),
        Rsvp,
        {"note": N_("Note for facilitators")},
        "at",
        most=rules.LONGEST_NOTE,
        about=_reply,
        readers=N_("facilitators; everyone sees how many come"),
        changed=_give_note_anew,
        removed=_refresh,
        may_be_empty=True,
    ),
)
feature.writing(
    "change",
    Writing(
        N_("Why you changed meetings"),
        MeetingChange,
        {"note": N_("Why")},
        "at",
        most=rules.LONGEST_NOTE,
        about=_meeting,
        readers=N_("everyone in the community"),
        changed=_why_changed,
        remove=_take_reason_back,
        is_written=lambda row: row.note != "",
        may_be_empty=True,
    ),
)
feature.writing(
    "catch_up",
    Writing(
        N_("What you caught up on"),
        Attendance,
        {"answer": N_("Your answer")},
        "at",
        most=catch_up_views.LONGEST,
        about=_meeting,
        readers=N_("the facilitators"),
        changed=_give_answer_anew,
        remove=_take_answer_back,
        is_written=lambda row: row.answer != "",
    ),
)
