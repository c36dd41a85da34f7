"""What `cop doctor` checks on Slack: tokens, scopes, and whether Slack answers."""

from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack import error_codes
from adapters.slack.errors import FAULTS, code
from adapters.slack.manifest import SCOPES, THREAD_SCOPES
from bot.core.platform import Check, ConnectedChannel, Undeliverable
from bot.i18n import gettext as _


async def bot_token(client: AsyncWebClient) -> list[Check]:
    name = _("Slack bot token")
    if not (client.token or "").startswith("xoxb-"):
        fix = _("SLACK_BOT_TOKEN is the Bot User OAuth Token, from OAuth & Permissions; it starts with xoxb-.")
        return [Check(name, False, _("This is not a bot token."), fix)]
    try:
        answer = await client.auth_test()
    except FAULTS as error:
        return [_refused(name, error)]
    says = _("Signed in to {space} as {bot}.").format(space=answer.get("team"), bot=answer.get("user"))
    return [Check(name, True, says), _scopes(str(answer.headers.get("x-oauth-scopes") or ""))]


async def installed(client: AsyncWebClient, name: str, scopes: frozenset[str]) -> Check:
    """Check one of many workspaces: that it still accepts the bot, with every scope it needs."""
    about = _("Slack workspace {name}").format(name=name)
    try:
        await client.auth_test()
    except FAULTS as error:
        why = code(error)
        if not why:
            return _refused(about, error)
        fix = _("Whoever manages that workspace installs the bot again, at /slack/install.")
        return Check(about, False, _("Slack refuses it: {why}.").format(why=why), fix)
    missing = sorted(SCOPES.keys() - scopes)
    if missing:
        says = _("Missing: {scopes}.").format(scopes=", ".join(f"{s} ({SCOPES[s]})" for s in missing))
        return Check(about, False, says, _("Whoever manages that workspace installs the bot again, at /slack/install."))
    return Check(about, True, _("It lets the bot in, with all that is needed."))


def _scopes(granted: str) -> Check:
    name = _("Slack permissions")
    if not granted:
        return Check(name, True, _("Slack did not say which permissions the token has."))
    scopes = {scope.strip() for scope in granted.split(",")}
    missing = sorted(SCOPES.keys() - scopes)
    if not missing and THREAD_SCOPES.keys() & scopes:
        return Check(
            name,
            True,
            _(
                "All that are needed are granted. Slack may also send every message of the bot’s channels, so that "
                "people can answer in threads. The bot drops all but replies under its own open questions unread."
            ),
        )
    if not missing:
        return Check(name, True, _("All that are needed are granted."))
    says = _("Missing: {scopes}.").format(scopes=", ".join(f"{s} ({SCOPES[s]})" for s in missing))
    fix = _("Put the manifest from `cop manifest slack` on your app’s App Manifest page, then reinstall the app.")
    return Check(name, False, says, fix)


async def channel(client: AsyncWebClient, bot: str, one: ConnectedChannel) -> list[Check]:
    """Check that the bot can post in a channel, by a message there to itself, which nobody else sees.

    Slack says where a channel is only to apps with more scopes. Empty if it can post, or if Slack doesn't say.
    """
    try:
        await client.chat_postEphemeral(channel=one.channel, user=bot, text=_("I can post here."))
        return []
    except FAULTS as error:
        why = code(error)
    # That the bot is no one to be shown something there is no proof that it can't post.
    means = error_codes.meaning(why) if why and why != "user_not_in_channel" else None
    if means not in Undeliverable.CHANNEL:
        return []
    name = _("Channel of {community} on Slack").format(community=one.community)
    if why in error_codes.ARCHIVED:
        says = _("{channel} is archived.")
        fix = _("Bring it back, or bind another with the admin command channel bind.")
    elif means == "no permission":
        says = _("I’m not allowed to post in {channel}.")
        fix = _("Look at who can post there, in its settings.")
    else:
        says = _("I’m not in {channel}, or it was deleted.")
        fix = _("Invite the bot there again, or bind another with the admin command channel bind.")
    return [Check(name, False, says.format(channel=one.channel), fix)]


async def listening(client: AsyncWebClient, app_token: str, signing_secret: str) -> Check:
    if not app_token:
        name = _("Slack signing secret")
        if signing_secret:
            return Check(name, True, _("Set: Slack sends what happens to this bot’s own address (HTTP mode)."))
        fix = _(
            "Set SLACK_APP_TOKEN (Socket Mode, needs no public address) or SLACK_SIGNING_SECRET (HTTP mode). "
            "Both are on your app’s Basic Information page."
        )
        return Check(name, False, _("Slack has no way to tell the bot what happens."), fix)
    name = _("Slack app-level token")
    if not app_token.startswith("xapp-"):
        fix = _("SLACK_APP_TOKEN is made on the Basic Information page and starts with xapp-.")
        return Check(name, False, _("This is not an app-level token."), fix)
    try:
        await client.apps_connections_open(app_token=app_token)
    except FAULTS as error:
        return _refused(name, error)
    return Check(name, True, _("Socket Mode works."))


def _refused(name: str, error: Exception) -> Check:
    why = code(error)
    if why == "missing_scope":
        return Check(name, False, _("The token may not open a connection."), _("Make one with connections:write."))
    if why:
        return Check(name, False, _("Slack refuses it: {why}.").format(why=why), _token_fix())
    says = _("Slack does not answer ({fault}).").format(fault=type(error).__name__)
    return Check(name, False, says, _("Check this machine’s way to the internet, then try again."))


def _token_fix() -> str:
    return _("Copy it again from your app’s page at https://api.slack.com/apps, or install the app again.")
