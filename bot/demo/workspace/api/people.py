"""Web API: who is here, what they react with, and who the app itself is."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from bot.demo.workspace.api.methods import Arguments, Site, SlackError, method, page
from bot.demo.workspace.state import APP, BOT, BOT_USER, TEAM, Json, User
from bot.demo.workspace.wire.events import DOMAIN, message_json


@method("auth.test", per_minute=600)
def auth_test(site: Site, given: Arguments) -> Json:
    return {
        "url": f"{site.state.base_url}/",
        "team": DOMAIN,
        "user": site.state.users[BOT_USER].name,
        "team_id": TEAM,
        "user_id": BOT_USER,
        "bot_id": BOT,
        "is_enterprise_install": False,
        **({"enterprise_id": site.state.enterprise} if site.state.enterprise else {}),
    }


@method("api.test", per_minute=600)
def api_test(site: Site, given: Arguments) -> Json:
    return {"args": dict(given)}


@method("bots.info", "users:read")
def bots_info(site: Site, given: Arguments) -> Json:
    if given.text("bot", BOT) != BOT:
        raise SlackError("bot_not_found")
    name = site.state.users[BOT_USER].name
    return {"bot": {"id": BOT, "deleted": False, "name": name, "app_id": APP, "user_id": BOT_USER}}


@method("team.info", "team:read")
def team_info(site: Site, given: Arguments) -> Json:
    return {"team": {"id": TEAM, "name": DOMAIN, "domain": DOMAIN}}


def user_json(site: Site, user: User) -> Json:
    """A user as users.info shows them; the e-mail address only with its own scope."""
    offset = datetime.fromtimestamp(site.state.clock(), UTC).astimezone(ZoneInfo(user.tz)).utcoffset()
    profile: Json = {
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "avatar_hash": hashlib.sha256(user.id.encode()).hexdigest()[:12],
        "team": user.team or TEAM,
    }
    if user.email and "users:read.email" in site.manifest.scopes:
        profile["email"] = user.email
    if user.id == BOT_USER:
        profile |= {"bot_id": BOT, "api_app_id": APP}
    return {
        "id": user.id,
        **({"team_id": user.team} if user.team else {}),
        **({"enterprise_user": user.enterprise} if user.enterprise else {}),
        **({"is_stranger": True} if user.stranger else {}),
        "name": user.name,
        "deleted": user.deleted,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
        "profile": profile,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_email_confirmed": user.confirmed,
        "updated": 0,
    }


@method("users.list", "users:read", per_minute=20)
def users_list(site: Site, given: Arguments) -> Json:
    everyone = [user_json(site, each) for each in site.state.users.values()]
    found, more = page(everyone, given, default=len(everyone) or 1)
    return {"members": found, "cache_ts": int(site.state.clock()), **more}


@method("users.info", "users:read", needs=["user"], per_minute=100)
def users_info(site: Site, given: Arguments) -> Json:
    return {"user": user_json(site, site.user(given.text("user")))}


@method("users.lookupByEmail", "users:read.email", needs=["email"])
def lookup(site: Site, given: Arguments) -> Json:
    wanted = given.text("email").casefold()
    for user in site.state.users.values():
        if user.email and user.email.casefold() == wanted and not user.deleted:
            return {"user": user_json(site, user)}
    raise SlackError("users_not_found")


@method("users.getPresence", "users:read", needs=["user"])
def presence(site: Site, given: Arguments) -> Json:
    return {"presence": "away" if site.user(given.text("user")).away else "active"}


@method("dnd.info", "dnd:read")
def dnd(site: Site, given: Arguments) -> Json:
    user, now = site.user(given.text("user", BOT_USER)), int(site.state.clock())
    ends = now + 3600 if user.dnd else 1
    return {"dnd_enabled": user.dnd, "next_dnd_start_ts": now if user.dnd else 1, "next_dnd_end_ts": ends}


@method("usergroups.list", "usergroups:read", per_minute=20)
def usergroups(site: Site, given: Arguments) -> Json:
    found = [
        {"id": each.id, "team_id": TEAM, "is_usergroup": True, "name": each.name, "handle": each.handle,
         "user_count": len(each.users), **({"users": list(each.users)} if given.flag("include_users") else {})}
        for each in site.state.usergroups.values()
    ]  # fmt: skip
    return {"usergroups": found}


@method("usergroups.users.list", "usergroups:read", needs=["usergroup"], per_minute=20)
def usergroup_users(site: Site, given: Arguments) -> Json:
    group = site.state.usergroups.get(given.text("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.users)}


@method("reactions.add", "reactions:write", needs=["name", "channel", "timestamp"])
def react(site: Site, given: Arguments) -> Json:
    message = site.message(site.channel(given.text("channel")), given.text("timestamp"))
    if (given.text("name"), BOT_USER) in message.reactions:
        raise SlackError("already_reacted")
    site.changes.react(message, BOT_USER, given.text("name"))
    return {}


@method("reactions.remove", "reactions:write", needs=["name", "channel", "timestamp"], per_minute=20)
def unreact(site: Site, given: Arguments) -> Json:
    message = site.message(site.channel(given.text("channel")), given.text("timestamp"))
    mine = (given.text("name"), BOT_USER)
    if mine not in message.reactions:
        raise SlackError("no_reaction")
    site.state.change(message, reactions=tuple(each for each in message.reactions if each != mine))
    return {}


@method("reactions.get", "reactions:read")
def reactions(site: Site, given: Arguments) -> Json:
    channel = site.channel(given.text("channel"))
    message = site.message(channel, given.text("timestamp"))
    return {"type": "message", "channel": channel.id, "message": message_json(site.state, message)}
