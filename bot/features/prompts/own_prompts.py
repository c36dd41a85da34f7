"""Handlers for the prompts that a community has approved: facilitators write some, list them, and delete one.

Also what of them the rotation needs. A round that asks one keeps its words, so one can be deleted while it's open.
"""

from collections.abc import Mapping

from bot.core.context import Context
from bot.core.errors import Refusal
from bot.core.events import Click, Command, Submission
from bot.core.permissions import Role
from bot.core.resolver import parse_id
from bot.core.routes import EVERY
from bot.features.prompts import bank, fault_views, lint, own_views
from bot.features.prompts.bank import CATEGORIES, DEPTHS, Prompt
from bot.features.prompts.feature import feature
from bot.ui import FormErrors, Reply, ToPerson
from storage.learning import community_prompts
from storage.learning.community_prompts import CommunityPrompt

# What the id of a prompt begins with that isn't of the bank.
OWN = "own-"
LONGEST = 300  # characters
AUTHOR = "community"


def prompts(ctx: Context) -> list[Prompt]:
    """Return what the community has approved, in the order in which the rotation asks it."""
    return [_prompt(ctx, row) for row in community_prompts.approved(ctx.session, ctx.community_id)]


def find(ctx: Context, id: str) -> Prompt | None:
    """Return a prompt that the community has approved, by its id in rounds and in the queue."""
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(id.removeprefix(OWN)))
    return _prompt(ctx, row) if row and row.approved_at else None


def _prompt(ctx: Context, row: CommunityPrompt) -> Prompt:
    return Prompt(
        id=f"{OWN}{row.id}",
        text=row.text,
        starter=row.starter,
        note="",
        category=row.category,
        cqi="none",
        move="what",
        depth=row.depth,
        roles=(bank.EVERYONE,),
        season=bank.SEASON_PHASES[0],
        exchange="mixed",
        challenge="comfort",
        minutes=3,
        private_default=row.category == bank.PRIVATE,
        anonymous=True,
        follow_up="",
        tags=(),
        author=AUTHOR,
        version=1,
        language=bank.language_of(ctx.community.locale),
    )


def problems(ctx: Context, answers: Mapping[str, str], changed: CommunityPrompt | None = None) -> dict[str, str]:
    """Return what is wrong with a prompt that somebody wrote, by field. `changed` is the prompt that it was."""
    text, starter = answers.get("text", ""), answers.get("starter", "")
    found: dict[str, str] = {}
    if not text:
        found["text"] = own_views.empty()
    elif len(text) > LONGEST:
        found["text"] = own_views.too_long(len(text), LONGEST)
    else:
        language = lint.language_of(text, bank.language_of(ctx.community.locale))
        rows = community_prompts.every(ctx.session, ctx.community_id)
        others = [p.text for p in bank.load(language)] + [row.text for row in rows if row is not changed]
        if faults := lint.faults(text, language, others):
            found["text"] = fault_views.problems(faults)
    if len(starter) > lint.LONGEST_STARTER:
        found["starter"] = own_views.too_long(len(starter), lint.LONGEST_STARTER)
    elif "?" in starter:
        found["starter"] = own_views.asks_again()
    return found


def starter_of(typed: str) -> str:
    """Return the opening of an answer with the "…" that it ends with, "" if none was typed."""
    return f"{typed.rstrip('. …')}…"[-lint.LONGEST_STARTER - 1 :] if typed.strip(". …") else ""


def category_and_depth(answers: Mapping[str, str]) -> tuple[str, int]:
    """Return what a form with both says; what it doesn't offer gives the first of each."""
    category, depth = answers.get("category", ""), parse_id(answers.get("depth", ""))
    return category if category in CATEGORIES else CATEGORIES[0], depth if depth in DEPTHS else DEPTHS[0]


@feature.command(
    "prompt write",
    help="Write a reflection prompt for your community, to be asked when its turn comes",
    needs=Role.FACILITATOR,
    argument="[question]",
    example="prompt write What surprised you this week?",
)
def begin(ctx: Context, event: Command) -> Reply:
    if len(event.text) > LONGEST:
        raise Refusal(own_views.too_long(len(event.text), LONGEST))
    return own_views.write_form({"text": event.text})


@feature.click("write", needs=Role.FACILITATOR)
def begin_from_list(ctx: Context, event: Click) -> Reply:
    return own_views.write_form({})


@feature.form("write", shared=EVERY, needs=Role.FACILITATOR)
def write(ctx: Context, event: Submission) -> Reply:
    if found := problems(ctx, event.answers):
        return FormErrors(own_views.write_form(event.answers), found)
    text, starter = event.answers["text"], starter_of(event.answers.get("starter", ""))
    row = community_prompts.add(ctx.session, ctx.community_id, ctx.me, text, starter, ctx.now, is_approved=True)
    row.category, row.depth = category_and_depth(event.answers)
    ctx.audit("prompts.write", "")
    return own_views.written(row)


@feature.command("prompt own", help="The prompts of your community, and deleting one", needs=Role.FACILITATOR)
def show(ctx: Context, event: Command) -> Reply:
    return own_views.listed(community_prompts.approved(ctx.session, ctx.community_id))


@feature.click("delete", needs=Role.FACILITATOR)
def delete(ctx: Context, event: Click) -> Reply:
    """Delete one. A round that asks it goes on, and its writer is told."""
    row = community_prompts.get(ctx.session, ctx.community_id, parse_id(event.chosen[0] if event.chosen else ""))
    if row is None or row.approved_at is None:
        raise Refusal(own_views.gone())
    if row.person_id and row.person_id != ctx.me:
        ctx.post(ToPerson(row.person_id), f"prompts.deleted.{row.id}", own_views.was_deleted, row.text)
    text = row.text
    community_prompts.remove(ctx.session, row)
    ctx.redraw(f"prompts.proposal.{row.id}")
    ctx.audit("prompts.delete", "")
    return own_views.deleted(text)
