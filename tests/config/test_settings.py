"""Settings: read in one place, and a wrong one is named with its mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import settings
from bot.errors import Refusal


def test_nothing_configured_keeps_everything_in_one_folder_of_the_user() -> None:
    read = settings.load_settings({})
    assert read.home == Path("~/.trustbot").expanduser()
    assert read.trust_file == read.home / "trust.yaml"
    assert read.database == f"sqlite:///{read.home / 'trustbot.sqlite'}"
    assert read.durable_database != read.database
    assert (read.chroma_url, read.bot_token, read.embedding_model) == (None, None, None)
    assert read.slack_api_url == "https://slack.com/api/"


def test_settings_are_taken_as_given(tmp_path: Path) -> None:
    read = settings.load_settings(
        {
            "TRUSTBOT_HOME": str(tmp_path),
            "SLACK_BOT_TOKEN": " xoxb-1 ",
            "SLACK_APP_TOKEN": "xapp-1",
            "SLACK_API_URL": "http://127.0.0.1:5000/api",
            "TRUSTBOT_DATABASE_URL": "postgres://u:p@host/name",
            "TRUSTBOT_CHROMA_URL": "http://localhost:8000",
        }
    )
    assert read.home == tmp_path
    assert (read.bot_token, read.app_token) == ("xoxb-1", "xapp-1")
    assert read.slack_api_url == "http://127.0.0.1:5000/api/"
    assert read.database == read.durable_database == "postgresql+psycopg://u:p@host/name"


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("SLACK_BOT_TOKEN", "xapp-1", "xoxb-"),
        ("SLACK_APP_TOKEN", "xoxb-1", "xapp-"),
        ("SLACK_API_URL", "slack.com", "https://slack.com/api/"),
        ("TRUSTBOT_DATABASE_URL", "mysql://host/name", "postgresql://"),
        ("TRUSTBOT_DATABASE_URL", "postgresql", "postgresql://"),
        ("TRUSTBOT_CHROMA_URL", "localhost:8000", "http://localhost:8000"),
        ("TRUSTBOT_CHROMA_URL", "http://host:port", "http://localhost:8000"),
        ("TRUSTBOT_READER_SECONDS", "1", "from 2 to 1800"),
        ("TRUSTBOT_READER_SECONDS", "long", "from 2 to 1800"),
    ],
)
def test_a_wrong_setting_is_named_with_its_mend(name: str, value: str, mend: str) -> None:
    with pytest.raises(Refusal) as refused:
        settings.load_settings({name: value})
    assert name in str(refused.value)
    assert mend in str(refused.value)


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refusal, match="TRUSTBOT_HOME"):
        settings.load_settings({"TRUSTBOT_HOME": str(tmp_path / "file")})


def test_a_secret_is_never_repeated_in_a_refusal() -> None:
    with pytest.raises(Refusal) as refused:
        settings.load_settings({"SLACK_BOT_TOKEN": "secret-value"})
    assert "secret-value" not in str(refused.value)
