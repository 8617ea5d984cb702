"""The container and what is composed with it: held to their shapes, to the files that there are and to the program."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field

from bot.config import trust as trust_file
from bot.config.settings import ALL, TRUST_FILE, load_settings
from tests.guides.markdown import ROOT
from tests.guides.test_true import wrong

INSTRUCTIONS = {"FROM", "RUN", "WORKDIR", "COPY", "USER", "ENV", "VOLUME", "STOPSIGNAL", "ENTRYPOINT", "CMD"}
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
VARIABLE = re.compile(r"\$\{(\w+)")


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Needs(Strict):
    condition: Literal["service_started", "service_healthy", "service_completed_successfully"]


class Health(Strict):
    test: list[str] = Field(min_length=2)
    interval: str = Field(pattern=r"^\d+[smh]$")
    timeout: str = Field(pattern=r"^\d+[smh]$")
    retries: int


class Service(Strict):
    """What a service may have by the Compose specification, as far as it is used here."""

    image: str = Field(pattern=r"^[a-z0-9./_-]+(?::[\w.-]+)?$")
    build: str | None = None
    command: list[str] = []
    init: bool = False
    restart: Literal["no", "always", "on-failure", "unless-stopped"] = "no"
    stop_grace_period: str = Field("10s", pattern=r"^(?:\d+h)?(?:\d+m)?(?:\d+s)?$")
    environment: dict[str, str] = {}
    volumes: list[str] = []
    depends_on: dict[str, Needs] = {}
    healthcheck: Health | None = None
    cap_drop: list[str] = []
    security_opt: list[str] = []


class Compose(Strict):
    name: str
    services: dict[str, Service]
    volumes: dict[str, None]


def dockerfile() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile with what they are given, lines that go on joined."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(line.split(maxsplit=1)[0], line.split(maxsplit=1)[1]) for line in joined.splitlines()]


def given(instruction: str) -> list[str]:
    return [rest for name, rest in dockerfile() if name == instruction]


def copied() -> list[str]:
    """What is copied out of the source tree."""
    return [source.rstrip("/") for rest in given("COPY") for source in rest.split()[:-1]]


def test_the_dockerfile_is_one() -> None:
    assert dockerfile()[0][0] == "FROM"
    assert {name for name, _ in dockerfile()} == INSTRUCTIONS
    (base,) = given("FROM")
    assert re.fullmatch(r"python:3\.\d+-slim-\w+", base)


def test_whatever_is_copied_is_there_and_not_ignored() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert ignored[0] == "*", "nothing goes into the image by accident"
    for source in copied():
        assert (ROOT / source).exists(), source
        assert f"!{source}" in ignored, source


def test_the_container_runs_a_command_of_ours_with_settings_of_ours() -> None:
    (entry,), (command,) = given("ENTRYPOINT"), given("CMD")
    line = " ".join([*json.loads(entry), *json.loads(command)])
    assert wrong(line) is None, line
    assert wrong(" ".join([*json.loads(entry), *COMPOSE["services"]["trustbot"]["command"]])) is None
    assert {rest.partition("=")[0] for rest in given("ENV")} <= ALL


@pytest.mark.slow
def test_what_is_copied_is_enough_to_build_the_package(tmp_path: Path) -> None:
    for source in copied():
        whole = ROOT / source
        if whole.is_dir():
            shutil.copytree(whole, tmp_path / source, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(whole, tmp_path / source)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "-o", tmp_path / "dist", tmp_path]
    subprocess.run(command, check=True, capture_output=True)
    assert [path.suffix for path in (tmp_path / "dist").iterdir()] == [".whl"]


def test_what_the_package_is_made_of_is_copied() -> None:
    wheel = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    project = PROJECT["project"]
    assert {*wheel["packages"], *wheel["force-include"], *project["license-files"], project["readme"]} < set(copied())
    assert all((ROOT / package / "py.typed").exists() for package in wheel["packages"])


def test_a_trust_file_that_is_linked_finds_its_folders_where_it_lies(tmp_path: Path) -> None:
    """As the image has it: a link in the home, the file and its folders elsewhere."""
    (link,) = re.findall(r"ln -s (\S+) (\S+)", " ".join(given("RUN")))
    assert [Path(path).name for path in link] == [TRUST_FILE, TRUST_FILE]
    assert f"TRUSTBOT_HOME={Path(link[1]).parent}" in given("ENV")
    elsewhere, home = tmp_path / "trust", tmp_path / "home"
    elsewhere.mkdir()
    home.mkdir()
    text = "name: A\nschools: [{id: b, name: B, phase: primary}]\nlibrary: [{path: policies}]\n"
    (elsewhere / TRUST_FILE).write_text(text, encoding="utf-8")
    (home / TRUST_FILE).symlink_to(elsewhere / TRUST_FILE)
    assert trust_file.load(home / TRUST_FILE).folder == elsewhere.resolve()


def test_the_composition_is_one() -> None:
    composed = Compose.model_validate(COMPOSE)
    for service in composed.services.values():
        assert set(service.depends_on) <= set(composed.services)
        for name, need in service.depends_on.items():
            assert need.condition != "service_healthy" or composed.services[name].healthcheck
        for volume in service.volumes:
            source = volume.split(":")[0]
            assert source in composed.volumes or source.startswith("./"), volume
        assert service.build is None or (ROOT / service.build / "Dockerfile").exists()
        assert service.build or ":" in service.image, "a version, not whatever is newest"


def test_trustbot_is_given_settings_that_it_knows_and_takes() -> None:
    environment = COMPOSE["services"]["trustbot"]["environment"]
    assert set(environment) <= ALL
    asked_for = set(VARIABLE.findall((ROOT / "compose.yaml").read_text(encoding="utf-8")))
    assert asked_for == {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "POSTGRES_PASSWORD"}
    values = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "POSTGRES_PASSWORD": "abc123"}
    filled = {
        name: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: values[found[1]], value) for name, value in environment.items()
    }
    settings = load_settings(filled | {"TRUSTBOT_HOME": "/var/lib/trustbot"})
    assert settings.database_url == "postgresql+psycopg://trustbot:abc123@postgres:5432/trustbot"
    assert settings.chroma_url == "http://chroma:8000"
    assert {"postgres", "chroma"} <= set(COMPOSE["services"])


def test_client_and_server_of_chroma_are_of_one_version() -> None:
    (pinned,) = re.findall(r"^chromadb==(.+)$", (ROOT / "constraints.txt").read_text(encoding="utf-8"), re.MULTILINE)
    assert COMPOSE["services"]["chroma"]["image"] == f"chromadb/chroma:{pinned}"


def test_tokens_stay_out_of_the_image_and_of_git() -> None:
    assert ".env" in (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    kept = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split() if line.startswith("!")]
    assert not any(fnmatch(".env", line[1:]) for line in kept)
