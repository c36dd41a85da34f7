"""Roles, and the one permission check. Each route names the least role it needs; nothing else decides.

Administering isn't reading: an admin who isn't a facilitator doesn't see what members wrote for facilitators.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.core.errors import Refusal
from bot.i18n import gettext as _


class Role(IntEnum):
    """Roles, least first. ANYONE hasn't joined, or means no community. BOT is for timers."""

    ANYONE = 0
    MEMBER = 1
    FACILITATOR = 2
    ADMIN = 3
    BOT = 4


ROOTS = {"member": (Role.ANYONE, Role.MEMBER), "facilitator": (Role.FACILITATOR,), "admin": (Role.ADMIN,)}


def root_of(needs: Role) -> str:
    """Return the root under which a command that needs this role is typed."""
    return next(root for root, roles in ROOTS.items() if needs in roles)


@dataclass(frozen=True)
class Access:
    """What a person may do in one community.

    `is_facilitator` lets them read what members wrote for facilitators only. `manages_space` means that the platform
    lets them manage the whole space: enough to administer the community, not to read answers. `from_platform` are the
    roles that they have by a role of the platform.
    """

    role: Role = Role.ANYONE
    is_facilitator: bool = False
    manages_space: bool = False
    from_platform: frozenset[int] = frozenset()

    def allows(self, needs: Role) -> bool:
        """Return whether the role is enough.

        Someone who manages the space may do what needs ADMIN, but not what needs MEMBER or FACILITATOR.
        """
        return self.role >= needs or (needs == Role.ADMIN and self.manages_space)


def require(access: Access, needs: Role, named: Callable[[], str], facilitators: Callable[[], str]) -> None:
    """Raise Refusal unless `access` is enough.

    `named` returns what was asked for and `facilitators` whom to ask, both as markup. They are called only to refuse.
    """
    if access.allows(needs):
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
