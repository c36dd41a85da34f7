"""Ways to find themes: ours, and those that it has to beat. Each shows four phrases at most."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec

from bot.domain import themes
from storage.library import text_analysis
from tests.domain.themes.labelled import LabelledRound, Method, repeats_question

MOST = themes.MOST_THEMES
# Of TextRank, as its authors chose them: words this near are linked, and a link is followed this often.
WINDOW, DAMPING = 2, 0.85
STEPS = 50


def ours(round: LabelledRound) -> list[str]:
    found = themes.find(round.answers, [round.question], round.language, text_analysis.stem)
    return [theme.phrase for theme in found]


def single_words(round: LabelledRound) -> list[str]:
    """Words of four letters or more that two people used: what summaries showed at first."""
    used: dict[str, tuple[str, set[int]]] = {}
    for person, answer in enumerate(round.answers):
        for word in text_analysis.words(answer):
            if len(word) >= 4 and not word.isdecimal():
                used.setdefault(text_analysis.stem(word, round.language), (word, set()))[1].add(person)
    shared = sorted((-len(who), word) for word, who in used.values() if len(who) > 1)
    return [word for _count, word in shared][:MOST]


def textrank(round: LabelledRound) -> list[str]:
    """Rank words by PageRank over their neighbors, and show the best phrases of words of the best third."""
    lines = [[list(text_analysis.words(part)) for part in _clauses(answer)] for answer in round.answers]
    clauses = [clause for answer in lines for clause in answer]
    near: defaultdict[str, set[str]] = defaultdict(set)
    for clause in clauses:
        for place, word in enumerate(clause):
            for other in clause[place + 1 : place + 1 + WINDOW]:
                if other != word:
                    near[word].add(other)
                    near[other].add(word)
    score = dict.fromkeys(near, 1.0)
    for _step in range(STEPS):
        score = {
            word: 1 - DAMPING + DAMPING * sum(score[other] / len(near[other]) for other in sorted(near[word]))
            for word in near
        }
    best = set(sorted(score, key=lambda word: (-score[word], word))[: len(score) // 3])
    phrases = {" ".join(run): sum(score[word] for word in run) for clause in clauses for run in _runs(clause, best)}
    return sorted(phrases, key=lambda phrase: (-phrases[phrase], phrase))[:MOST]


def yake(round: LabelledRound, most: int = MOST) -> list[str]:
    extractor = import_module("yake").KeywordExtractor(lan=round.language, n=3, top=most)
    return [phrase for phrase, _score in extractor.extract_keywords("\n".join(round.answers))]


def shared_yake(round: LabelledRound) -> list[str]:
    """Show of many YAKE phrases those that two people wrote and that don't repeat the question."""
    texts = [" ".join(answer.casefold().split()) for answer in round.answers]
    return [
        phrase
        for phrase in yake(round, most=100)
        if sum(phrase.casefold() in text for text in texts) > 1 and not repeats_question(phrase, round)
    ][:MOST]


def available() -> dict[str, Method]:
    """Return each method by name. YAKE isn't among what the tests need: `make themes` fetches it into build/."""
    out: dict[str, Method] = {"themes": ours, "single words": single_words, "TextRank": textrank}
    if find_spec("yake"):
        out |= {"YAKE": yake, "YAKE, said by two": shared_yake}
    return out


def _clauses(text: str) -> Iterator[str]:
    clause = ""
    for run in text_analysis.runs(text):
        if run.strip() and not run[0].isalnum():
            yield clause
            clause = ""
        else:
            clause += run
    yield clause


def _runs(clause: Sequence[str], best: set[str]) -> Iterator[list[str]]:
    run: list[str] = []
    for word in clause:
        if word in best:
            run.append(word)
        elif run:
            yield run
            run = []
    if run:
        yield run
