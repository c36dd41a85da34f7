"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.domain.answer_words import value_of, words_of
from bot.features.rounds import answering, views
from bot.features.rounds.feature import feature
from bot.features.rounds.lookup import MOST, asked
from bot.features.rounds.posts import refresh_posts
from bot.i18n import gettext_noop as N_
from bot.ui import Form
from storage.learning import rounds
from storage.learning.rounds import Response, Round


def _round(ctx: Context, row: Response) -> Round | None:
    return rounds.get(ctx.session, ctx.community_id, row.round_id)


def _question(ctx: Context, row: Response) -> str:
    round = _round(ctx, row)
    return round.question if round else ""


def _shown(ctx: Context, row: Response) -> str:
    """Return the words, each below its question where there are several."""
    round, given = _round(ctx, row), row.by_question
    if round is None:
        return row.body
    questions = [each for each in asked(ctx.session, round).questions if each.key in given]
    if len(questions) == 1 and row.body:
        return row.body
    return "\n\n".join(f"{words_of(each)}\n{value_of(each, given[each.key])}" for each in questions)


def _form(ctx: Context, row: Response) -> Form | None:
    round = _round(ctx, row)
    return answering.form(ctx, round, row) if round else None


def _removed(ctx: Context, row: Response) -> None:
    if round := _round(ctx, row):
        refresh_posts(ctx, round)


feature.writing(
    "answer",
    Writing(
        N_("Answers"),
        Response,
        {"body": N_("Your answer"), "answers": N_("Your answers")},
        "written_at",
        most=MOST,
        about=_question,
        readers=lambda ctx, row: views.audience_name(row.audience, _round(ctx, row)),
        shown=_shown,
        form=_form,
        removed=_removed,
        is_written=lambda row: bool(row.body or row.answers),
        in_workbook=True,
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
