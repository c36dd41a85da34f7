"""The export command."""

from bot.core.context import Context
from bot.core.events import Command
from bot.core.permissions import Role
from bot.features.export import collect, formats, views
from bot.features.export.feature import feature
from bot.ui import Attachment, Reply, ToPerson


@feature.command(
    "export",
    help="The community’s records as a file, sent to you privately",
    needs=Role.ADMIN,
    choices=tuple(formats.FORMS),
    example="export csv",
)
def send(ctx: Context, event: Command) -> Reply:
    form = event.text.lower()
    facilitates, reads = ctx.access.is_facilitator, ctx.access.role >= Role.MEMBER
    entries = collect.collect(
        ctx.session, ctx.community, facilitator=facilitates, reads=reads, reads_given=ctx.reads_given
    )
    name = f"commonplace-{ctx.now:%Y%m%d-%H%M%S}.{form}"
    attachment = Attachment(name, formats.render(ctx.community, entries, form), formats.FORMS[form])
    ctx.post(
        ToPerson(ctx.me, ignores_quiet_hours=True),
        f"export.{ctx.me}.{name}",
        views.file,
        ctx.community.name,
        attachment,
    )
    ctx.audit("export", form)
    return views.on_its_way(len(entries), facilitates=facilitates, reads=reads)
