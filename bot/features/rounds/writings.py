"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.rounds import views
from bot.features.rounds.feature import feature
from bot.features.rounds.handlers import MOST, refresh_posts
from bot.i18n import gettext_noop as N_
from storage.learning import rounds
from storage.learning.rounds import Response, Round


def _question(ctx: Context, row: Response) -> str:
    round = rounds.get(ctx.session, ctx.community_id, row.round_id)
    return round.question if round else ""


def _refresh(ctx: Context, row: Response) -> None:
    if round := rounds.get(ctx.session, ctx.community_id, row.round_id):
        refresh_posts(ctx, round)


def _changed(ctx: Context, row: Response) -> None:
    row.edited_at, row.skipped = ctx.now, False
    ctx.session.flush()
    _refresh(ctx, row)


feature.writing(
    "answer",
    Writing(
        N_("Answers"),
        Response,
        {"body": N_("Your answer")},
        "written_at",
        most=MOST,
        about=_question,
        readers=lambda _ctx, row: views.audience_name(row.audience),
        changed=_changed,
        removed=_refresh,
    ),
)
feature.writing(
    "question",
    Writing(
        N_("Questions you opened"),
        Round,
        {"question": N_("The question")},
        "opened_at",
        person="opened_by",
        readers=N_("everyone in the community"),
        fixed=N_("Members have read it and might have answered, so it stays. When you leave, your name is taken off."),
    ),
)
