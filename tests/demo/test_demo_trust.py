"""The demo's trust: the sample, one's own trust file, or a folder of documents with a cast that is made up."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config.settings import Settings
from bot.config.trust import load
from bot.demo.trust import SAMPLE, stage
from bot.errors import Refusal
from knowledge.passages import EVERYONE


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home", trust_file=tmp_path / "home" / "trust.yaml")


def _folder(path: Path, **files: str) -> Path:
    path.mkdir(parents=True)
    for name, content in files.items():
        (path / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return path


def test_without_a_folder_it_is_the_sample(settings: Settings) -> None:
    staged = stage(settings, None)
    assert (staged.sample, staged.file, staged.state) == (True, SAMPLE, settings.home / "demo")


def test_a_folder_of_documents_gets_a_cast_and_is_left_as_it_is(settings: Settings, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "hill-side_policies", lettings__md="# Lettings\n\nThe hall costs £20 an hour.\n")
    staged = stage(settings, folder)
    assert staged.made_up
    assert not staged.sample
    assert staged.trust.name == "Hill side policies"
    assert [each.name for each in folder.iterdir()] == ["lettings.md"]
    assert staged.state.is_relative_to(settings.home)
    assert [str(each.path) for each in staged.trust.library] == [str(folder)]
    readers = [staged.trust.reader(each) for each in staged.trust.people]
    assert len(readers) == 6
    assert all(each.may_read(EVERYONE) for each in readers)


def test_the_file_that_is_written_reads_back_the_same(settings: Settings, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "policies", fire__txt="Walk to the field.")
    staged = stage(settings, folder)
    assert load(staged.file) == staged.trust
    assert stage(settings, folder) == staged


def test_two_folders_of_one_name_are_kept_apart(settings: Settings, tmp_path: Path) -> None:
    one = _folder(tmp_path / "north" / "policies", a__md="# A")
    other = _folder(tmp_path / "south" / "policies", b__md="# B")
    assert stage(settings, one).state != stage(settings, other).state


def test_a_folder_with_a_trust_file_is_that_trust(settings: Settings, tmp_path: Path) -> None:
    written = "name: Hillside Trust\nschools:\n  - {id: hill, name: Hillside School, phase: primary}\n"
    folder = _folder(tmp_path / "ours", trust__yaml=f"{written}people:\n  - {{id: ada, name: Ada Price}}\n")
    staged = stage(settings, folder)
    assert (staged.trust.name, staged.state, staged.sample, staged.made_up) == ("Hillside Trust", folder, False, False)


def test_an_empty_folder_holds_the_samples_state(settings: Settings, tmp_path: Path) -> None:
    staged = stage(settings, _folder(tmp_path / "fresh"))
    assert (staged.sample, staged.state) == (True, tmp_path / "fresh")


def test_a_file_is_refused_with_what_to_do(settings: Settings, tmp_path: Path) -> None:
    file = _folder(tmp_path / "ours", lettings__md="# Lettings") / "lettings.md"
    with pytest.raises(Refusal, match="is a file"):
        stage(settings, file)


def test_a_trust_file_that_is_wrong_is_refused_with_its_line(settings: Settings, tmp_path: Path) -> None:
    folder = _folder(
        tmp_path / "ours", trust__yaml="name: Hillside\nschools:\n  - {id: hill, name: Hill, phase: big}\n"
    )
    with pytest.raises(Refusal, match="line 3"):
        stage(settings, folder)
