"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.meeting_notes import views
from bot.features.meeting_notes.feature import feature
from bot.i18n import gettext_noop as N_
from bot.ui import Reply
from storage.meetings.meetings import Meeting
from storage.meetings.notes import MeetingNotes


def _meeting(ctx: Context, row: MeetingNotes) -> Meeting:
    return ctx.session.get_one(Meeting, row.meeting_id)


def _form(ctx: Context, row: MeetingNotes) -> Reply:
    return views.form(_meeting(ctx, row), row)


feature.writing(
    "notes",
    Writing(
        N_("Notes of meetings"),
        MeetingNotes,
        {
            "decisions": N_("What was decided"),
            "resources": N_("Resources"),
            "commitments": N_("What we will do"),
            "said": N_("Who said what"),
        },
        "written_at",
        about=lambda ctx, row: _meeting(ctx, row).title,
        readers=N_("the facilitators, and everyone in the community once they’re shared"),
        form=_form,
        fixed=N_("Several facilitators write these notes as one, so they stay. You can change or empty each part."),
    ),
)
