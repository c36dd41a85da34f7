"""The bank of prompts: those that ship are well written and balanced, and an invalid page is refused."""

from collections import Counter

import pytest

from bot.features.prompts import bank
from bot.features.prompts.lint import QUOTAS, lint

PAGE = """
[[prompt]]
id = "noticing-first-minutes"
category = "noticing practice"
cqi = "assess"
move = "what"
depth = 1
roles = ["youth worker"]
season = "launch"
exchange = "role-alike"
challenge = "comfort"
minutes = 3
private_default = false
anonymous = false
follow_up = ""
tags = ["arrival"]
author = "Commonplace"
version = 1
en.text = "What did arriving look like at your last session?"
en.starter = "As people came in, I saw…"
en.note = ""
es.text = "¿Cómo fue la llegada en tu última sesión?"
es.starter = "Al entrar, vi que…"
es.note = ""
"""
# Ids of the first sixty, to which answers point.
FIRST = frozenset(
    """
noticing-first-minutes noticing-energy-shift noticing-unasked noticing-unexpected noticing-used-space noticing-handover
wins-small-enough wins-groundwork wins-borrowed wins-volunteer-hours challenges-came-back challenges-two-goods
challenges-short-staffed challenges-carried-question challenges-rule-in-the-way challenges-seen-later
data-attendance-pattern data-told-us data-never-opened data-working-sign data-does-not-fit data-before-deciding
planning-just-once planning-prediction planning-one-day planning-warning-sign planning-pause-something
planning-hand-over-choice learning-parted-ways learning-fell-flat learning-keep-exactly learning-would-not-travel
learning-drift learning-let-go equity-sign-up-route equity-talking-time equity-hard-to-follow equity-what-we-asked
equity-first-reading equity-in-the-room relationships-other-side relationships-why-we-call relationships-silences
relationships-turning-point leading-own-eyes leading-first-minute leading-calendar leading-open-questions
wellbeing-gave-back wellbeing-way-home wellbeing-limit wellbeing-not-in-the-title community-hoped-for
community-one-hour community-turned-into synthesis-day-one synthesis-changed-mind synthesis-skeptic
synthesis-still-open synthesis-where-it-breaks
""".split()  # noqa: SIM905
)


@pytest.mark.parametrize("language", bank.LANGUAGES)
def test_shipped_bank_has_no_fault(language: str) -> None:
    assert lint(bank.load(language)) == []


def test_bank_has_exactly_as_many_prompts_as_planned() -> None:
    """In all, and of each category, phase, role and part of the season."""
    assert len(bank.load()) == 120
    for field, quotas in QUOTAS.items():
        have = Counter(getattr(p, field) if field != "roles" else p.roles[0] for p in bank.load())
        assert have == quotas, field
        assert sum(quotas.values()) == 120


def test_both_languages_have_the_same_prompts() -> None:
    english, spanish = bank.load("en"), bank.load("es")
    assert [p.id for p in english] == [p.id for p in spanish]
    assert all(one.text != other.text for one, other in zip(english, spanish, strict=True))
    assert all(bool(one.note) == bool(other.note) for one, other in zip(english, spanish, strict=True))


def test_first_sixty_ids_are_still_there() -> None:
    assert len(FIRST) == 60
    assert all(bank.find(id) for id in FIRST)


def test_prompt_is_found_by_its_id_in_each_language() -> None:
    assert bank.by_id("challenges-two-goods").text.startswith("Think of a recent moment when two good things")
    assert bank.by_id("challenges-two-goods", "es").text.startswith("Piensa en un momento reciente")
    assert bank.find("never-was", "es") is None
    with pytest.raises(KeyError):
        bank.by_id("never-was")


@pytest.mark.parametrize(
    ("locale", "language"), [("es", "es"), ("es-MX", "es"), ("es_419", "es"), ("en-US", "en"), ("pt", "en"), ("", "en")]
)
def test_bank_speaks_english_where_it_lacks_the_language(locale: str, language: str) -> None:
    assert bank.language_of(locale) == language


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ("depth = 1", "depth = 5", "depth may be 1, 2, 3, 4, not 5"),
        ("depth = 1", 'depth = "deep"', "depth must be a whole number, not 'deep'"),
        ("depth = 1", "depth = true", "depth must be a whole number, not True"),
        ("minutes = 3", "minutes = 20", "minutes may be 3, 4, 5, not 20"),
        ('cqi = "assess"', 'cqi = "ponder"', "cqi may be assess, plan, do, study, act, none, not 'ponder'"),
        ('challenge = "comfort"', 'challenge = "hard"', "challenge may be comfort, stretch, brave, not 'hard'"),
        ('roles = ["youth worker"]', 'roles = ["janitor"]', "roles may be any, youth worker"),
        ('roles = ["youth worker"]', 'roles = "any"', "roles must be a list of texts, not 'any'"),
        ('roles = ["youth worker"]', "roles = []", "roles is empty; use 'any'"),
        ('tags = ["arrival"]', "tags = [1]", "tags must be a list of texts, not [1]"),
        ('author = "Commonplace"', 'author = ""', "author is empty"),
        ("anonymous = false", 'anonymous = "no"', "anonymous must be true or false, not 'no'"),
        ("version = 1\n", "", "lacks version"),
        ("version = 1\n", "version = 1\nmood = 2\n", "has mood, which no prompt has"),
        ('id = "noticing-first-minutes"', 'id = "First!"', "id must be 3 to 40 small letters and hyphens"),
        ('es.starter = "Al entrar, vi que…"', "", "in es lacks starter"),
        ('es.starter = "Al entrar, vi que…"', 'es.starter = ""', "in es: starter is empty"),
        ('es.note = ""', 'es.note = ""\nes.mood = "x"', "in es has mood"),
    ],
)
def test_invalid_page_is_refused_with_place_and_reason(line: str, instead: str, complaint: str) -> None:
    assert line in PAGE
    with pytest.raises(ValueError, match=r"Prompt 1 \(") as refused:
        bank.read(PAGE.replace(line, instead))
    assert complaint in str(refused.value)


def test_page_without_a_language_is_refused() -> None:
    page = "\n".join(line for line in PAGE.splitlines() if not line.startswith("es."))
    with pytest.raises(ValueError, match="lacks es"):
        bank.read(page)
