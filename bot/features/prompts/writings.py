"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.prompts import own_prompts, proposals
from bot.features.prompts.feature import feature
from bot.features.prompts.handlers import LONGEST
from bot.features.prompts.lint import LONGEST_STARTER
from bot.i18n import gettext_noop as N_
from storage.learning.community_prompts import CommunityPrompt, PromptVote
from storage.learning.prompts import QueuedPrompt

feature.writing(
    "queued",
    Writing(
        N_("Prompts you queued"),
        QueuedPrompt,
        {"text": N_("The question")},
        "at",
        most=LONGEST,
        readers=N_("facilitators, and everyone in the community once it’s asked"),
        is_written=lambda row: row.text != "",
    ),
)


def _prompt(ctx: Context, row: PromptVote) -> str:
    prompt = ctx.session.get(CommunityPrompt, row.prompt_id)
    return prompt.text if prompt else ""


def _vote_is_gone(ctx: Context, row: PromptVote) -> None:
    ctx.redraw(f"prompts.proposal.{row.prompt_id}")


feature.writing(
    "proposal",
    Writing(
        N_("Prompts you proposed or wrote"),
        CommunityPrompt,
        {"text": N_("Your question"), "starter": N_("How an answer could begin")},
        "written_at",
        most={"text": own_prompts.LONGEST, "starter": LONGEST_STARTER},
        readers=N_("everyone in the community, without your name"),
        form=proposals.change_form,
        remove=proposals.withdraw,
        required=("text",),
    ),
)
feature.writing(
    "vote",
    Writing(
        N_("Your votes for prompts"),
        PromptVote,
        {},
        about=_prompt,
        removed=_vote_is_gone,
        readers=N_("only you; others see how many votes there are"),
    ),
)
