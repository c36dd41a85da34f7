"""The export command."""

from zoneinfo import ZoneInfo

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Command
from bot.core.permissions import Role
from bot.domain import csv_files
from bot.features.export import answers, collect, formats, views
from bot.features.export.feature import feature
from bot.ui import Attachment, Reply, ToPerson

ANSWERS = "answers"


@feature.command(
    "export",
    help="The community’s records as a file, or its answers as tables, sent to you privately",
    needs=Role.ADMIN,
    choices=(*formats.FORMS, ANSWERS),
    example="export csv",
)
def send(ctx: Context, event: Command) -> Reply:
    form = event.text.lower()
    facilitates, reads = ctx.access.is_facilitator, ctx.access.role >= Role.MEMBER
    if form == ANSWERS:
        return _send_answers(ctx, facilitates=facilitates, reads=reads)
    entries = collect.collect(
        ctx.session, ctx.community, facilitator=facilitates, reads=reads, reads_given=ctx.reads_given
    )
    name = f"commonplace-{ctx.now:%Y%m%d-%H%M%S}.{form}"
    _post(ctx, Attachment(name, formats.render(ctx.community, entries, form), formats.FORMS[form]))
    ctx.audit("export", form)
    return views.on_its_way(len(entries), facilitates=facilitates, reads=reads)


def _send_answers(ctx: Context, *, facilitates: bool, reads: bool) -> Reply:
    """Send three tables: a row for each answer, a row for each response, and what the columns mean."""
    if not reads:
        raise Refusal(views.reads_no_answers())
    found = answers.gather(ctx.session, ctx.community_id, facilitator=facilitates, reads_given=ctx.reads_given)
    moment, zone = f"{ctx.now:%Y%m%d-%H%M%S}", ZoneInfo(ctx.community.zone)
    for name, body in (
        ("answers", answers.long_file(found, zone)),
        ("responses", answers.wide_file(found, zone)),
        ("columns", answers.definition_file(found)),
    ):
        _post(ctx, Attachment(f"{name}-{moment}.csv", body, csv_files.CONTENT_TYPE))
    ctx.audit("export", ANSWERS)
    return views.answers_on_their_way(len(found.given), facilitates=facilitates, has_unsigned=bool(found.unsigned))


def _post(ctx: Context, attachment: Attachment) -> None:
    to = ToPerson(ctx.me, ignores_quiet_hours=True)
    ctx.post(to, f"export.{ctx.me}.{attachment.name}", views.file, ctx.community.name, attachment)
