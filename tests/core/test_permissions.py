"""Who may do what: the least role decides, and managing a space is enough to administer but not to read along."""

import pytest

from bot.core.errors import Refusal
from bot.core.permissions import Access, Role, require, root_of


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("needs", [Role.ANYONE, Role.MEMBER, Role.FACILITATOR, Role.ADMIN])
@pytest.mark.parametrize("manages_space", [False, True])
def test_access_allows_its_own_role_and_those_below(role: Role, needs: Role, manages_space: bool) -> None:
    allowed = Access(role, manages_space=manages_space).allows(needs)
    assert allowed is (int(role) >= int(needs) or (manages_space and needs is Role.ADMIN))


def test_stranger_has_no_role() -> None:
    stranger = Access()
    assert (stranger.role, stranger.is_facilitator, stranger.manages_space) == (Role.ANYONE, False, False)


@pytest.mark.parametrize(
    ("needs", "root"),
    [
        (Role.ANYONE, "member"),
        (Role.MEMBER, "member"),
        (Role.FACILITATOR, "facilitator"),
        (Role.ADMIN, "admin"),
    ],
)
def test_command_is_typed_under_the_root_of_its_role(needs: Role, root: str) -> None:
    assert root_of(needs) == root


@pytest.mark.parametrize(
    ("needs", "facilitators", "says", "retry"),
    [
        (Role.MEMBER, "Ben", "That is for members, and you have not joined here yet", "join"),
        (Role.FACILITATOR, "Ben, Olu", "`rule` is for facilitators: Ben, Olu. You can suggest it", ""),
        (Role.FACILITATOR, "", "this community has none yet. An admin can name one", ""),
        (Role.ADMIN, "Ben", "`rule` is for admins of this community", ""),
    ],
)
def test_refusal_says_whose_it_is_and_what_to_do(needs: Role, facilitators: str, says: str, retry: str) -> None:
    with pytest.raises(Refusal) as caught:
        require(Access(), needs, lambda: "`rule`", lambda: facilitators)
    assert says in str(caught.value)
    assert caught.value.retry == retry
    require(Access(needs), needs, lambda: "`rule`", lambda: facilitators)
