"""What people write with this feature, for `data show`."""

from bot.core.context import Context
from bot.core.routes import Writing
from bot.features.agenda import cards, rules
from bot.features.agenda.feature import feature
from bot.features.agenda.topics import news
from bot.i18n import gettext_noop as N_
from storage.agenda.topics import Topic, TopicNote
from storage.agenda.votes import Dot


def _refresh(ctx: Context, row: Topic) -> None:
    cards.refresh(ctx, cards.listed_for(ctx, row))


def _topic(ctx: Context, row: TopicNote | Dot) -> str:
    topic = ctx.session.get(Topic, row.topic_id)
    return topic.title if topic else ""


feature.writing(
    "topic",
    Writing(
        N_("Topics, wins, and challenges"),
        Topic,
        {"title": N_("Topic"), "reason": N_("Why it’s on the agenda")},
        "added_at",
        most={"title": rules.LONGEST, "reason": rules.LONGEST_REASON},
        readers=N_("the community, without your name"),
        changed=_refresh,
        removed=_refresh,
        remove=news.remove,
        required=("title",),
    ),
)
feature.writing(
    "topic_note",
    Writing(
        N_("Notes about topics"),
        TopicNote,
        {"words": N_("Your note")},
        "written_at",
        most=rules.LONGEST_NOTE,
        about=_topic,
        readers=N_("the facilitators"),
    ),
)
feature.writing(
    "dot",
    Writing(N_("Your dots in open votes"), Dot, {}, about=_topic, readers=N_("only you; the vote is secret")),
)
