"""The bank of prompts: those that ship are well written, and the checks say what is wrong with one that isn't."""

from collections import Counter
from dataclasses import replace

import pytest

from bot.features.prompts import bank
from bot.features.prompts.lint import lint

PAGE = """
[[prompt]]
id = "noticing-first-minutes"
text = "What did arriving look like at your last session?"
starter = "As people came in, I saw…"
category = "noticing practice"
cqi = "assess"
move = "what"
depth = 1
roles = ["youth worker"]
season = "launch"
exchange = "role-alike"
minutes = 3
private_default = false
tags = ["arrival"]
language = "en"
version = 1
"""
GOOD = bank.read(PAGE)[0]


def test_shipped_bank_has_no_fault() -> None:
    assert lint(bank.load()) == []
    assert len(bank.load()) == 60


def test_every_category_role_and_phase_has_prompts() -> None:
    assert {prompt.category for prompt in bank.load()} == set(bank.CATEGORIES)
    assert {role for prompt in bank.load() for role in prompt.roles} == set(bank.ROLES)
    assert {prompt.season for prompt in bank.load()} == set(bank.SEASON_PHASES)


def test_prompt_is_found_by_its_id() -> None:
    assert bank.by_id("challenges-two-goods").text.startswith("Think of a recent moment when two good aims")
    with pytest.raises(KeyError):
        bank.by_id("never-was")


def test_well_being_answer_is_private_by_default() -> None:
    """It stays with its writer, unless they choose otherwise."""
    assert all(p.private_default for p in bank.load() if p.category == "well-being and growth")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        (f"What did you notice last week in {'very ' * 30}small things?", "39 words; keep to 30"),
        ("What did you see last week? What did you do?", "needs one question mark, at its end"),
        ("Tell us what you saw last week.", "needs one question mark, at its end"),
        ("Did you change anything last week?", "can be answered yes or no"),
        ("Think of your last session. Was there something new in it?", "can be answered yes or no"),
        ("In your last session, did you see when it changed?", "can be answered yes or no"),
        ("What works well at your site?", "names no moment"),
        ("Any thoughts on how last week went?", "“Any thoughts” is too open to answer"),
        ("Don’t you think last week shows what works?", "“Don’t you think” hides advice"),
        ("Don't you think last week shows what works?", "“Don't you think” hides advice"),
        ("What should a mentor have done last week?", "“should” hides advice"),
        ("What did you try last week and how did it go?", "“and how” asks two questions"),
        ("Which student was on your mind last week?", "“Which student” asks about a person"),
        ("Who made the difference last week?", "“Who” asks about a person"),
        ("What best practices did you leverage last month?", "“best practices” uses a word of the trade"),
        ("What amazing thing happened last week?", "“amazing” presses for good cheer"),
    ],
)
def test_badly_asked_prompt_is_reported_with_the_reason(text: str, complaint: str) -> None:
    faults = lint([replace(GOOD, text=text)])
    assert any(fault.startswith(f"noticing-first-minutes: {complaint}") for fault in faults), faults


@pytest.mark.parametrize(
    "text",
    [
        "Think of a rule of last week. On what kind of day, or for what kind of life, is it hardest?",
        "What have young people told you this month, in words or by where they chose to be?",
        "Imagine the next new thing you try is going wrong. What would you see first?",
    ],
)
def test_well_asked_prompt_is_accepted(text: str) -> None:
    assert lint([replace(GOOD, text=text)]) == []


def test_starter_opens_an_answer_and_fits_an_empty_field() -> None:
    assert "must be the opening of an answer" in lint([replace(GOOD, starter="What did you see?")])[0]
    assert "keep to 100" in lint([replace(GOOD, starter="I saw " + "so " * 40 + "much…")])[0]


def test_public_well_being_prompt_is_a_fault() -> None:
    assert "must be private by default" in lint([replace(GOOD, category="well-being and growth")])[0]


def test_prompt_for_everyone_may_not_name_a_role() -> None:
    assert "keep one or the other" in lint([replace(GOOD, roles=("any", "director"))])[0]


def test_prompts_may_not_share_an_id_or_text() -> None:
    again = replace(GOOD, text="What did arriving look like at your very last session?")
    faults = lint([GOOD, again])
    assert "noticing-first-minutes: 2 prompts have this id." in faults
    assert "noticing-first-minutes: too much like noticing-first-minutes (95 of 100); keep one." in faults


def test_unbalanced_bank_is_told_what_it_lacks() -> None:
    """A bank with too much of one kind is told what is missing."""
    without_equity = [p for p in bank.load() if p.category != "equity, access, belonging"]
    assert "bank: 0 prompts with category “equity, access, belonging”; there should be 5." in lint(without_equity)
    faults = lint([p for p in bank.load() if p.season == "launch"])
    assert any("with season “synthesize”" in fault for fault in faults)
    assert any("with cqi “study”" in fault for fault in faults)


def test_smaller_bank_needs_proportionally_less() -> None:
    shares = Counter(prompt.category for prompt in bank.load())
    assert shares["noticing practice"] == 6
    assert shares["well-being and growth"] == 4


@pytest.mark.parametrize(
    ("line", "instead", "complaint"),
    [
        ("depth = 1", "depth = 5", "depth may be 1, 2, 3, 4, not 5"),
        ("depth = 1", 'depth = "deep"', "depth must be a whole number, not 'deep'"),
        ("depth = 1", "depth = true", "depth must be a whole number, not True"),
        ("minutes = 3", "minutes = 20", "minutes may be 3, 4, 5, not 20"),
        ('cqi = "assess"', 'cqi = "ponder"', "cqi may be assess, plan, do, study, act, none, not 'ponder'"),
        ('roles = ["youth worker"]', 'roles = ["janitor"]', "roles may be any, youth worker"),
        ('roles = ["youth worker"]', 'roles = "any"', "roles must be a list of texts, not 'any'"),
        ('roles = ["youth worker"]', "roles = []", "roles is empty; use 'any'"),
        ('tags = ["arrival"]', "tags = [1]", "tags must be a list of texts, not [1]"),
        ('language = "en"', 'language = ""', "language is empty"),
        (
            "private_default = false",
            'private_default = "no"',
            "private_default must be true or false, not 'no'",
        ),
        ("version = 1\n", "", "lacks version"),
        ("version = 1\n", "version = 1\nmood = 2\n", "has mood, which no prompt has"),
        ('id = "noticing-first-minutes"', 'id = "First!"', "id must be 3 to 40 small letters and hyphens"),
    ],
)
def test_invalid_page_is_refused_with_place_and_reason(line: str, instead: str, complaint: str) -> None:
    assert line in PAGE
    with pytest.raises(ValueError, match=r"Prompt 1 \(") as refused:
        bank.read(PAGE.replace(line, instead))
    assert complaint in str(refused.value)
