"""Web API: modals and Home views."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from bot.demo.workspace.api.chat import with_ids
from bot.demo.workspace.api.methods import Arguments, Site, SlackError, invalid, method
from bot.demo.workspace.block_rules.tables import faults_in_view
from bot.demo.workspace.state import APP, BOT, TEAM, Json

MOST_ON_STACK = 3
LARGEST_VIEW = 250_000


def checked(site: Site, view: Any) -> Json:
    """The view with its generated ids, refused as Slack would refuse it."""
    if not isinstance(view, dict):
        raise invalid("invalid_arguments", ["[ERROR] missing required field: view [json-pointer:/view]"])
    if faults := faults_in_view(view):
        raise invalid("invalid_arguments", faults)
    if len(json.dumps(view)) > LARGEST_VIEW:
        raise SlackError("view_too_large")
    return {**view, "blocks": list(with_ids(site, view["blocks"]))}


def stored(site: Site, view: Json, user: str, *, previous: Json | None = None, replacing: Json | None = None) -> Json:
    """The view as Slack keeps it: with its ids, its place on the stack, its state and its hash."""
    key = replacing["id"] if replacing else site.state.number("V")
    if (external := view.get("external_id")) and any(
        each["external_id"] == external and each["id"] != key for each in site.state.views.values()
    ):
        raise SlackError("duplicate_external_id")
    whole = {
        "private_metadata": "", "callback_id": "", "external_id": "", "clear_on_close": False,
        "notify_on_close": False, "submit": None, "close": None, "title": None, **view,
        "id": key, "team_id": TEAM, "app_id": APP, "bot_id": BOT, "app_installed_team_id": TEAM,
        "root_view_id": replacing["root_view_id"] if replacing else previous["root_view_id"] if previous else key,
        "previous_view_id": replacing["previous_view_id"] if replacing else previous["id"] if previous else None,
        "state": {"values": _kept_values(view, replacing)},
    }  # fmt: skip
    whole["hash"] = f"{site.state.ts()}.{hashlib.sha256(json.dumps(view).encode()).hexdigest()[:8]}"
    site.state.views[key] = whole
    return whole


def _kept_values(view: Json, replacing: Json | None) -> Json:
    if not replacing:
        return {}
    ids = {block["block_id"] for block in view["blocks"]}
    return {block: values for block, values in replacing["state"]["values"].items() if block in ids}


def use_trigger(site: Site, given: Arguments) -> str:
    """The user whose interaction the trigger_id stands for; each may be used once, for three seconds."""
    trigger = site.triggers.get(given.text("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if site.state.clock() > trigger.until:
        raise SlackError("expired_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    trigger.used = True
    return trigger.user


@method("views.open", needs=["view", "trigger_id"], per_minute=100)
def open_view(site: Site, given: Arguments) -> Json:
    view = checked(site, given.parsed("view"))
    _only_modal(view)
    user = use_trigger(site, given)
    whole = stored(site, view, user)
    site.state.modals[user] = [whole]
    return {"view": whole}


@method("views.push", needs=["view", "trigger_id"], per_minute=100)
def push_view(site: Site, given: Arguments) -> Json:
    view = checked(site, given.parsed("view"))
    _only_modal(view)
    user = use_trigger(site, given)
    stack = site.state.modals.get(user, [])
    if not stack:
        raise SlackError("view_not_found")
    if len(stack) >= MOST_ON_STACK:
        raise SlackError("push_limit_reached")
    whole = stored(site, view, user, previous=stack[-1])
    stack.append(whole)
    return {"view": whole}


def _only_modal(view: Json) -> None:
    if view["type"] != "modal":
        raise invalid("invalid_arguments", ["[ERROR] value must be one of: modal [json-pointer:/view/type]"])


@method("views.update", needs=["view"], per_minute=100)
def update_view(site: Site, given: Arguments) -> Json:
    view = checked(site, given.parsed("view"))
    _only_modal(view)
    for user, stack in site.state.modals.items():
        for index, old in enumerate(stack):
            if given.text("view_id") == old["id"] or (given.get("external_id") or "-") == old["external_id"]:
                _unchanged(old, given)
                stack[index] = stored(site, view, user, replacing=old)
                return {"view": stack[index]}
    raise SlackError("not_found")


@method("views.publish", needs=["view", "user_id"], per_minute=100)
def publish(site: Site, given: Arguments) -> Json:
    view = checked(site, given.parsed("view"))
    if view["type"] != "home":
        raise invalid("invalid_arguments", ["[ERROR] value must be one of: home [json-pointer:/view/type]"])
    if not site.manifest.home_tab:
        raise SlackError("not_enabled")
    user = site.user(given.text("user_id")).id
    old = site.state.homes.get(user)
    if old:
        _unchanged(old, given)
    site.state.homes[user] = stored(site, view, user, replacing=old)
    return {"view": site.state.homes[user]}


def _unchanged(old: Json, given: Arguments) -> None:
    if "hash" in given and given.text("hash") != old["hash"]:
        raise SlackError("hash_conflict")
