"""Which prompts suit a community, by what its members say that they do."""

import pytest

from bot.features.prompts.roles import roles_in, roles_of


@pytest.mark.parametrize(
    ("words", "roles"),
    [
        ("youth worker", {"youth worker"}),
        ("Front-line staff, Mill Street", {"youth worker"}),
        ("Mentor", {"youth worker"}),
        ("Site Coordinator", {"coordinator"}),
        ("AmeriCorps VISTA", {"coordinator"}),
        ("Staff leader", {"supervisor"}),
        ("Program manager", {"supervisor"}),
        ("Quality steward", {"director"}),
        ("Executive Director", {"director"}),
        ("coordinator and tutor", {"coordinator", "youth worker"}),
        ("tallerista", {"youth worker"}),
        ("Coordinadora de voluntariado", {"coordinator"}),
        ("jefe de equipo", {"supervisor"}),
        ("directora", {"director"}),
        ("librarian", set()),
        ("", set()),
    ],
)
def test_own_words_name_the_roles_of_the_bank(words: str, roles: set[str]) -> None:
    assert roles_in(words) == roles


@pytest.mark.parametrize(
    ("counts", "roles"),
    [
        ({"youth worker": 5, "Director": 1, "": 9}, {"youth worker"}),
        ({"Supervisor": 2, "Mentor": 2}, {"supervisor", "youth worker"}),
        ({"Supervisor": 1, "Mentor": 1, "Director": 1}, set()),
        ({"librarian": 2, "Mentor": 1}, set()),
        ({"": 4}, set()),
        ({}, set()),
    ],
)
def test_role_suits_a_community_where_at_least_half_have_it(counts: dict[str, int], roles: set[str]) -> None:
    assert roles_of(counts) == roles
