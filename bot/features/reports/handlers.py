"""Handlers of the season's report: in chat, as a page, and as a file."""

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, PageOpened
from bot.core.pages import send_link
from bot.core.permissions import Role
from bot.features.reports import course_views, report, seasons, views
from bot.features.reports.feature import feature
from bot.i18n import gettext_noop as N_
from bot.ui import Page, Reply

PAGE = "reports.season"


@feature.command(
    "report",
    help="How many took part this season, in numbers",
    needs=Role.FACILITATOR,
    argument="[season]",
    complete=seasons.names,
    example="report",
    reads=True,
)
def show(ctx: Context, event: Command) -> Reply:
    season = seasons.named(ctx, event.text) if event.text.strip() else seasons.now_or_last(ctx)
    return views.message(report.gather(ctx, season), seasons.value_of(season), has_pages=bool(ctx.address))


@feature.click("page", needs=Role.FACILITATOR)
def open_as_page(ctx: Context, event: Click) -> Reply:
    return send_link(ctx, PAGE, seasons.value_of(seasons.chosen(ctx, event.value)))


@feature.click("file", needs=Role.FACILITATOR, reads=True)
def hand_over(ctx: Context, event: Click) -> Reply:
    return views.file(report.gather(ctx, seasons.chosen(ctx, event.value)))


@feature.click("question", needs=Role.FACILITATOR, reads=True)
def show_question(ctx: Context, event: Click) -> Reply:
    shown = report.gather(ctx, seasons.chosen(ctx, event.value))
    found = [course for course in shown.courses if course.id in event.chosen]
    if not found:
        raise Refusal(views.question_gone())
    return course_views.message(found[0], shown.zone)


@feature.page("season", label=N_("Report"), needs=Role.FACILITATOR)
def draw(ctx: Context, event: PageOpened) -> Page:
    return views.page(report.gather(ctx, seasons.chosen(ctx, event.value)))
