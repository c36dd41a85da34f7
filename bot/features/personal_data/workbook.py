"""Handlers of the workbook: what a person thought, tried and decided over time, to read, print or keep as a file.

Features declare what belongs in it (`Writing.in_workbook`). Like the rest of this feature, it holds only what the
person who asks wrote themselves, in all of their communities.
"""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, PageOpened
from bot.core.pages import send_link
from bot.core.permissions import Role
from bot.features.personal_data import workbook_views as views
from bot.features.personal_data import written
from bot.features.personal_data.feature import feature
from bot.features.personal_data.workbook_views import WorkbookEntry
from bot.i18n import gettext_noop as N_
from bot.ui import Message, Page, Reply


@feature.command(
    "data workbook",
    help="See your workbook: what you wrote, tried and decided",
    needs=Role.ANYONE,
    community=False,
    reads=True,
)
def workbook(ctx: Context, event: Command) -> Reply:
    return _shown(ctx)


@feature.click("workbook", needs=Role.ANYONE, community=False)
def show(ctx: Context, event: Click) -> Reply:
    return _shown(ctx)


@feature.click("workbook_page", needs=Role.MEMBER)
def open_page(ctx: Context, event: Click) -> Reply:
    _entries(ctx)
    return send_link(ctx, "mydata.workbook")


@feature.click("workbook_file", needs=Role.ANYONE, community=False)
def hand_over(ctx: Context, event: Click) -> Reply:
    return views.file(_entries(ctx), ctx.person.name, ctx.zone, ctx.now)


@feature.page("workbook", label=N_("Your workbook"), needs=Role.MEMBER)
def draw(ctx: Context, event: PageOpened) -> Page:
    return views.page(written.workbook(ctx), ctx.zone)


def _shown(ctx: Context) -> Message:
    return views.shown(_entries(ctx), ctx.zone, has_pages=bool(ctx.address))


def _entries(ctx: Context) -> list[WorkbookEntry]:
    entries = written.workbook(ctx)
    if not entries:
        raise Refusal(views.empty())
    return entries
