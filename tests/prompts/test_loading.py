"""A prompt's text and its version change together."""

from __future__ import annotations

from pathlib import Path

import pytest

import prompts
from prompts import loading

# Name and version -> the text's digest. Changed a text? Raise its version and add a line; old lines stay.
KNOWN = {
    ("actions", 1): "6cb95c1d913d0a60525f4b86d9b6aa532a0337babed7ae12eed8cd0d1b083ab0",
    ("actions", 2): "278f7db6ab31c96c4d5b0a407e86431deaff95139a95acd7d8835912e949a234",
    ("answer", 1): "f9b64d29415fba4b2f1de237431179db8958ad6a7a060d97c9e7bc1cdd44bea5",
    ("answer", 2): "9ffbda7c41bb25ba688a40734bc9e162fd0ac931eeb42bb274f6419801bc6df1",
    ("plain", 1): "16e47a4ce8712c1225de0be9f669e39bd47eb1e0657eaefacc6313f4aa211e16",
    ("plain", 2): "de1ea8f6950b20a194ce17ab04a8d0ea557bdf4f4669160b7bb823802bd0412d",
    ("summary", 1): "afa42d907e9387f686d75b677ca513abd1082bc3f9a84627a9e0a28e53408b5a",
    ("summary", 2): "cd61f2fa41f508124cbe6c91be810fd3bdebb9e0e4171950396a00a530b1f4a1",
}


def test_every_text_is_the_one_that_its_version_stands_for() -> None:
    for name in prompts.names():
        prompt = prompts.load(name)
        assert KNOWN[name, prompt.version] == prompt.digest, f"{name} changed without a new version"


def test_there_are_prompts() -> None:
    assert {name for name, _ in KNOWN} == set(prompts.names())


def test_a_text_is_filled_with_exactly_its_fields() -> None:
    assert "7f. Nothing between" in prompts.load("answer").filled(mark="7f")
    with pytest.raises(ValueError, match="fields"):
        prompts.load("answer").filled()
    with pytest.raises(ValueError, match="fields"):
        prompts.load("answer").filled(mark="7f", more="x")


@pytest.mark.parametrize(
    "text", ["no front matter", "---\nname: other\nversion: 1\n---\nWords", "---\nname: odd\nversion: 0\n---\nWords"]
)
def test_a_text_without_name_or_version_is_refused(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.md").write_text(text)
    monkeypatch.setattr(loading, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match="name and version"):
        loading.load("odd")
