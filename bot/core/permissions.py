"""Who may do what. Each route names the least role it needs; nothing else decides."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.core.errors import Refusal
from bot.i18n import gettext as _


class Role(IntEnum):
    ANYONE = 0  # has not joined, or no community is meant
    MEMBER = 1
    FACILITATOR = 2
    ADMIN = 3
    BOT = 4  # the clock


ROOTS = {"member": (Role.ANYONE, Role.MEMBER), "facilitator": (Role.FACILITATOR,), "admin": (Role.ADMIN,)}


def root_of(needs: Role) -> str:
    """Which of the three root words a command that needs `needs` is typed under."""
    return next(root for root, roles in ROOTS.items() if needs in roles)


@dataclass(frozen=True)
class Access:
    """What a person is in the community that is meant."""

    role: Role = Role.ANYONE
    is_facilitator: bool = False  # reads what members wrote for facilitators only; an admin as such does not
    manages_space: bool = (
        False  # the platform lets them manage the whole space: enough to administer, not to read along
    )

    def allows(self, needs: Role) -> bool:
        return self.role >= needs or (needs == Role.ADMIN and self.manages_space)


def require(standing: Access, needs: Role, named: Callable[[], str], facilitators: Callable[[], str]) -> None:
    """Refuse in words unless `standing` is enough. What was asked is `named`, already marked up.

    `facilitators` names them in the same way; it may give "".
    """
    if standing.allows(needs):
        return
    what, names = named(), facilitators()
    match needs:
        case Role.MEMBER:
            raise Refusal(
                _(
                    "That is for members, and you have not joined here yet. Joining takes one click, and only "
                    "this community sees that you did."
                ),
                retry="join",
            )
        case Role.FACILITATOR if names:
            raise Refusal(
                _("{what} is for facilitators: {names}. You can suggest it to one of them.").format(
                    what=what, names=names
                )
            )
        case Role.FACILITATOR:
            raise Refusal(
                _("{what} is for facilitators, and this community has none yet. An admin can name one.").format(
                    what=what
                )
            )
        case _:
            raise Refusal(_("{what} is for admins of this community, or of the whole workspace.").format(what=what))
