"""Every word and layout that answering uses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.markup import command, cut, esc, moment
from bot.text import gettext as _
from bot.text import ngettext
from bot.ui import (
    Button,
    ChoiceField,
    Divider,
    Field,
    Form,
    Message,
    Note,
    Part,
    Quote,
    Text,
    TextField,
    card,
)
from storage.rounds import CHECKIN, FACILITATORS, GROUP, ME, Answer, Round

QUESTION = 1_000  # characters of a question that is shown; longer ones are refused when asked
SHOWN = 600  # characters of one answer that a summary shows; the whole is one button away
ROOM = 2_200  # characters of answers on one page


@dataclass(frozen=True)
class Said:
    """An answer and who gave it, as a mention."""

    by: str
    answer: Answer


def kind_name(round: Round) -> str:
    return _("Check-in") if round.kind == CHECKIN else _("Reflection prompt")


def mood_names() -> dict[int, str]:
    return {1: _("hard"), 2: _("bumpy"), 3: _("all right"), 4: _("good"), 5: _("great")}


def audience_name(audience: str) -> str:
    return {
        GROUP: _("everyone in this community, when it closes"),
        FACILITATORS: _("the facilitators only"),
        ME: _("only you"),
    }[audience]


def card_of(round: Round, heard: int) -> Message:
    """The card in the channel, open or closed."""
    who = (
        _("Answers stay with you unless you choose to share them.")
        if round.private
        else _("Everyone here reads the answers when it closes; facilitators read along. You choose for yours.")
    )
    parts: list[Part] = [Text(f"**{esc(round.question)}**")]
    if round.starter and not round.closed_at:
        parts.append(Text(_("One way to begin: _{starter}_").format(starter=esc(round.starter))))
    if heard:
        parts.append(Text(ngettext("{n} heard from so far.", "{n} heard from so far.", heard).format(n=heard)))
    if round.closed_at:
        parts.append(
            Note(
                _("Closed {when}. Late answers are welcome and join the summary.").format(
                    when=moment(round.closed_at, "day")
                )
            )
        )
        actions = (
            _button(_("Answer late"), "rounds.answer", round),
            _button(_("Read the answers"), "rounds.read", round),
        )
        return Message(tuple(parts), title=kind_name(round), actions=actions)
    parts.append(
        Note(
            _("About {n} minutes. Open until {when}. {who}").format(
                n=round.minutes, when=moment(round.closes_at), who=who
            )
        )
    )
    actions = (
        Button(_("Answer"), "rounds.answer", str(round.id), "primary"),
        _button(_("Let this one pass"), "rounds.skip", round),
    )
    return Message(tuple(parts), title=kind_name(round), actions=actions)


def _button(label: str, action: str, round: Round) -> Button:
    return Button(label, action, str(round.id))


def answer_form(round: Round, mine: Answer | None, body: str | None = None) -> Form:
    """`body` is what was typed when the form is asked again."""
    begun = body if body is not None else mine.body if mine and not mine.skipped else ""
    fields: list[Field] = [
        TextField(
            "body",
            _("Your answer"),
            long=True,
            initial=begun,
            hint=cut(_("No student’s name or details, please."), 100),
        )
    ]
    if round.kind == CHECKIN:
        moods = tuple((str(n), name.capitalize()) for n, name in mood_names().items())
        fields.append(
            ChoiceField(
                "mood",
                _("How is it going?"),
                moods,
                required=False,
                initial=str(mine.mood) if mine and mine.mood else "",
            )
        )
    audience = mine.audience if mine else ME if round.private else GROUP
    fields.append(
        ChoiceField(
            "audience",
            _("Who may read it?"),
            ((GROUP, _("Everyone in this community")), (FACILITATORS, _("The facilitators only")), (ME, _("Only me"))),
            initial=audience,
        )
    )
    intro = f"**{esc(cut(round.question, 800))}**"
    if round.closed_at:
        intro += "\n\n" + _("This closed {when}; your late answer joins the summary.").format(
            when=moment(round.closed_at, "day")
        )
    return Form("rounds.answer", _("Your answer"), tuple(fields), value=str(round.id), submit=_("Send"), intro=intro)


def thanks(round: Round, answer: Answer) -> Message:
    until = (
        _("You can change or withdraw it at any time.")
        if round.closed_at
        else _("You can change it until {when}, and withdraw it at any time.").format(when=moment(round.closes_at))
    )
    return Message(
        (
            Text(_("Thank you, your answer is kept.")),
            Quote(cut(answer.body, SHOWN)),
            Note(_("It is read by {who}. {until}").format(who=audience_name(answer.audience), until=until)),
        ),
        actions=(_button(_("Change it"), "rounds.answer", round), _button(_("Withdraw it"), "rounds.withdraw", round)),
    )


def passed(round: Round) -> Message:
    return card(
        _(
            "That is fine: this one passes you by, and nobody is told. If something comes to mind, "
            "you can still answer."
        ),
        actions=(_button(_("Answer after all"), "rounds.answer", round),),
    )


def withdrawn() -> Message:
    return card(_("Your answer is withdrawn and deleted. Nobody is told."))


def nothing_to_withdraw() -> str:
    return _("There is no answer of yours to withdraw; nothing has changed.")


def nothing_open() -> Message:
    return card(
        _(
            "Nothing is waiting for an answer here. When a question opens, it appears in the channel and in {home}."
        ).format(home=command("home"))
    )


def which(rounds: Sequence[Round]) -> Message:
    buttons = tuple(_button(cut(f"{kind_name(r)}: {r.question}", 70), "rounds.answer", r) for r in rounds[:5])
    return Message((Text(_("More than one question is open. Which one would you like to answer?")),), actions=buttons)


def too_late(round: Round) -> str:
    return _(
        "That round closed long ago and its summary is finished. {reflect} keeps a thought of yours at any time."
    ).format(reflect=command("reflect"))


def gone() -> str:
    return _("That question is no longer here: its community or its answers have been deleted.")


def empty_answer() -> str:
    return _("Please write a few words, or close this form to leave it for now.")


def too_long(size: int, most: int) -> str:
    return _("This is {size} characters and the most I can keep is {most}. Please shorten it.").format(
        size=size, most=most
    )


def nudge(round: Round, community: str) -> Message:
    return Message(
        (
            Text(
                _("A gentle reminder from {community}: this is open until {when}. It is fine to let it pass.").format(
                    community=esc(community), when=moment(round.closes_at)
                )
            ),
            Text(f"**{esc(round.question)}**"),
            Note(
                _("About {n} minutes. I remind you once and only privately; {settings} turns this off.").format(
                    n=round.minutes, settings=command("settings")
                )
            ),
        ),
        title=kind_name(round),
        actions=(
            Button(_("Answer"), "rounds.answer", str(round.id), "primary"),
            _button(_("Let this one pass"), "rounds.skip", round),
        ),
    )


def summary(round: Round, said: Sequence[Said], heard: int, moods: Mapping[int, int], shared: Sequence[str]) -> Message:
    """What was said, woven together, for the thread under the card."""
    if not said:
        quiet = (
            _("This one stayed quiet, and that is fine: weeks differ. A late answer is still welcome.")
            if not heard
            else _("What was shared this time was for the facilitators or for the writers themselves.")
        )
        return card(quiet, title=_("Summary"))
    parts: list[Part] = [Text(f"**{esc(round.question)}**")]
    parts.append(
        Text(
            ngettext(
                "One person shared this with everyone.", "{n} people shared this with everyone.", len(said)
            ).format(n=len(said))
        )
    )
    if round.themes:
        parts.append(Quote(round.themes, by=_("**Themes the facilitator heard**")))
    if shared:
        parts.append(
            Text(_("More than one of you spoke of: {words}.").format(words=", ".join(f"**{esc(w)}**" for w in shared)))
        )
    if moods:
        names = mood_names()
        parts.append(
            Text(_("How it is going: {moods}.").format(moods=", ".join(f"{names[m]} {n}" for m, n in moods.items())))
        )
    parts.append(Divider())
    left = ROOM - (len(round.themes) if round.themes else 0)
    for item in said[:8]:
        body = cut(item.answer.body, 280)
        if len(body) + len(item.by) > left:
            break
        left -= len(body) + len(item.by)
        parts.append(Quote(body, by=item.by))
    return Message(
        tuple(parts),
        title=_("Summary"),
        actions=(
            _button(_("Read all answers"), "rounds.read", round),
            _button(_("Add themes"), "rounds.themes", round),
        ),
    )


def reading(round: Round, page: Sequence[Said], number: int, count: int, note: str) -> Message:
    """One page of the answers, for one person."""
    parts: list[Part] = [Text(f"**{esc(round.question)}**"), Note(note)]
    names = mood_names()
    for item in page:
        mood = f" · {names[item.answer.mood]}" if item.answer.mood in names else ""
        seen = "" if item.answer.audience == GROUP else " · " + _("facilitators only")
        parts.append(Quote(item.answer.body, by=f"{item.by}{mood}{seen}"))
    if not page:
        parts.append(Text(_("Nothing to read yet.")))
    actions = []
    if number > 1:
        actions.append(Button(_("Earlier page"), "rounds.page", f"{round.id}.{number - 1}"))
    if number < count:
        actions.append(Button(_("Next page"), "rounds.page", f"{round.id}.{number + 1}"))
    return Message(tuple(parts), title=kind_name(round), actions=tuple(actions), replace=True)


def for_members() -> str:
    return _("What the writers shared with everyone here.")


def for_facilitators(total: int, shown: int) -> str:
    kept = total - shown
    if not kept:
        return _("All answers. What is marked “facilitators only” stays between you.")
    return ngettext(
        "What is marked “facilitators only” stays between you. {n} answer is kept for its writer alone.",
        "What is marked “facilitators only” stays between you. {n} answers are kept for their writers alone.",
        kept,
    ).format(n=kept)


def not_yet(round: Round) -> str:
    return _("Answers are shown to everyone when this closes, {when}, so that each of you writes freely.").format(
        when=moment(round.closes_at)
    )


def themes_form(round: Round) -> Form:
    return Form(
        "rounds.themes",
        _("Themes"),
        (
            TextField(
                "themes",
                _("Two to four themes you heard"),
                long=True,
                required=False,
                initial=round.themes,
                most=800,
                hint=_("Shown at the top of the summary, to everyone here."),
            ),
        ),
        value=str(round.id),
        submit=_("Add"),
    )


def themes_added() -> Message:
    return card(_("The themes now stand at the top of the summary, where everyone here reads them."))


def unheard(round: Round, heard: int, members: int, names: Sequence[str], few: bool) -> Message:
    if few:
        return card(
            _(
                "With so few members, saying who has not answered would point at somebody, so I only say this: "
                "{heard} heard from."
            ).format(heard=heard),
            title=kind_name(round),
        )
    parts: list[Part] = [
        Text(
            _("{heard} of {members} heard from on: **{question}**").format(
                heard=heard, members=members, question=esc(cut(round.question, 200))
            )
        )
    ]
    if names:
        parts.append(
            Text(
                _("Not yet heard from, among those who agreed that you may see it: {names}.").format(
                    names=", ".join(names)
                )
            )
        )
    parts.append(
        Note(
            _(
                "Only you see this. Members choose in {settings} whether facilitators may see their name here; "
                "silence may mean many things."
            ).format(settings=command("settings"))
        )
    )
    return Message(tuple(parts), title=kind_name(round))


def quiet_round(round: Round) -> Message:
    return card(
        _(
            "Nobody answered “{question}”. That happens, and nothing is wrong. If it keeps happening, a different "
            "question or a longer pause may suit this season: {preview} shows what comes next."
        ).format(question=esc(cut(round.question, 200)), preview=command("preview", "facilitator")),
        title=kind_name(round),
    )


def closed_now(round: Round) -> Message:
    return card(
        _("“{question}” is closed. The summary is in the thread under it, where everyone here reads it.").format(
            question=esc(cut(round.question, 200))
        )
    )


def opened_now(round: Round) -> Message:
    return card(
        _("It is on its way to the channel, and closes {when}. Everyone here sees the question.").format(
            when=moment(round.closes_at)
        )
    )
