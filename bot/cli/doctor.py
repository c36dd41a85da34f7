"""`cop doctor`: checks everything the bot needs, and says how to fix what is wrong. Changes nothing."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from aiohttp import ClientError, ClientSession, ClientTimeout
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from bot.bootstrap.process import make_app
from bot.bootstrap.serve import NothingToRun, platforms
from bot.bootstrap.slack import is_for_many
from bot.core.clock import RealClock
from bot.core.platform import Check
from bot.i18n import gettext as _
from bot.settings import DOTENV, BadSettings, Settings
from storage import database
from storage.communities.communities import Channel, Community
from storage.messaging import outbox
from storage.messaging.outbox import Outgoing

MOST_SKEW = 60.0  # seconds; Slack refuses requests that are five minutes off
ASK = ClientTimeout(total=8)


async def examine(settings: Settings) -> list[Check]:
    """Run every check, in the order in which it makes sense to fix them."""
    checks = [_env_file(), *await asyncio.to_thread(lambda: list(_database(settings)))]
    try:
        engine = await asyncio.to_thread(_engine, settings)
        found = platforms(settings, make_app(settings, engine, RealClock()))
    except NothingToRun as nothing:
        return [*checks, Check(_("Platforms"), False, _("None is set up."), str(nothing))]
    except BadSettings as bad:
        return [*checks, Check(_("Platforms"), False, _("The settings do not go together."), str(bad))]
    checks.append(await _clock(settings))
    for platform in found.values():
        try:
            checks += await platform.diagnose()
        except Exception as fault:
            checks.append(
                Check(
                    platform.name,
                    False,
                    _("It could not be asked: {fault}").format(fault=type(fault).__name__),
                    _("Check this machine’s way to the internet, then try again."),
                )
            )
    return checks


def _engine(settings: Settings) -> Engine:
    """Return a database for the adapters. Their checks need ours only for the workspaces that installed the bot.

    Otherwise, and if ours isn't usable, it is an empty one in memory.
    """
    if is_for_many(settings):
        # Another check reports what is wrong with the database.
        with suppress(Exception):
            engine = database.connect(settings.database)
            at, wanted = database.revision(engine)
            if at == wanted:
                return engine
    empty = database.connect("sqlite://")
    if is_for_many(settings):
        database.upgrade(empty)
    return empty


def _env_file() -> Check:
    name = ".env"
    if not DOTENV.exists():
        return Check(name, True, _("There is none; settings come from the environment."))
    if os.name == "posix" and DOTENV.stat().st_mode & 0o077:
        return Check(name, False, _("Other people on this machine can read it, and it holds tokens."), "chmod 600 .env")
    return Check(name, True, _("Only you can read it."))


def _database(settings: Settings) -> Iterator[Check]:
    name = _("Database")
    try:
        engine = database.connect(settings.database)
        at, wanted = database.revision(engine)
    except database.UnusableDatabase as why:
        yield Check(name, False, str(why))
        return
    except Exception as fault:
        yield Check(
            name,
            False,
            _("It cannot be reached ({fault}).").format(fault=type(fault).__name__),
            _("Check DATABASE_URL, and that the database is running."),
        )
        return
    if at is None:
        yield Check(name, True, _("It is empty; cop run or cop db upgrade makes its tables."))
        return
    if at != wanted:
        known = database.knows(at)
        says = _("It is at revision {at}; this version needs {wanted}.").format(at=at, wanted=wanted)
        fix = "cop db upgrade" if known else _("It was last used by a newer version of Commonplace: start that one.")
        yield Check(name, False, says, fix)
        return
    yield Check(name, True, _("It answers, and is at this version’s revision."))
    with Session(engine) as session:
        yield from _channels(session)
    engine.dispose()


def _channels(session: Session) -> Iterator[Check]:
    """Check each connected channel by what happened to the last message for it."""
    for channel, community in session.exec(select(Channel, Community).join(Community)).all():
        last = session.exec(
            select(Outgoing)
            .where(col(Outgoing.key).endswith(f"@{channel.id}"), Outgoing.community_id == community.id)
            .order_by(col(Outgoing.id).desc())
        ).first()
        name = _("Channel of {community} on {platform}").format(community=community.name, platform=channel.platform)
        if last is not None and last.state == outbox.FAILED:
            yield Check(
                name,
                False,
                _("The last message could not be delivered: {why}.").format(why=last.problem),
                _("Invite the bot to the channel again, or bind another with the admin command channel bind."),
            )
        else:
            yield Check(name, True, _("Nothing is stuck."))


async def _clock(settings: Settings) -> Check:
    """Compare this machine's clock with the platform's."""
    name, url = _("Clock"), settings.slack_base_url
    if not settings.slack_bot_token.get_secret_value() and not is_for_many(settings):
        url = settings.discord_api_base or "https://discord.com/api/v10/gateway"
    try:
        async with ClientSession(timeout=ASK) as http, http.get(url) as answer:
            platform_time = parsedate_to_datetime(answer.headers["Date"])
    except (ClientError, TimeoutError, KeyError, ValueError):
        return Check(name, True, _("The platform did not tell its time, so this machine’s was not compared."))
    skew = (datetime.now(UTC) - platform_time).total_seconds()
    if abs(skew) > MOST_SKEW:
        return Check(
            name,
            False,
            _("This machine’s clock is {n} seconds off.").format(n=round(skew)),
            _("Let this machine set its clock from the network (NTP)."),
        )
    return Check(name, True, _("It is right."))
