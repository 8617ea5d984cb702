"""The digest in Slack, from the clock's tick to what is pressed in it, in the sample trust."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text

from bot.demo.workspace.state import Message
from tests.digest.conftest import MONDAY, pressed, root, view
from tests.scenarios.conftest import said
from tests.scenarios.meetings.office import LONDON, Staffroom

CHANNELS = ("executive", "heads", "oakfield-slt")


def all_said(office: Staffroom, top: Message) -> str:
    return "\n".join(said(each) for each in office.workspace.thread(top))


def test_monday_comes_and_each_channel_has_its_own_digest_once(sample: Staffroom) -> None:
    sample.clock.now = MONDAY + timedelta(minutes=20)
    sample.tick()
    sample.tick()
    whole = {channel: all_said(sample, root(sample, channel)) for channel in CHANNELS}
    for channel in ("executive", "heads"):
        for school in ("Oakfield", "Riverside", "Hazel Lane", "Westbrook", "Fernside"):
            assert school in whole[channel]
    assert "homework app have grown to eleven" in whole["executive"]
    assert "homework app" not in whole["oakfield-slt"]
    assert "Replace the fence" in whole["executive"]
    assert "Replace the fence" not in whole["heads"]
    top = root(sample, "executive")
    assert len(top.blocks) <= 50
    assert any(each.files for each in sample.workspace.replies(top))
    (call, *_) = [each for each in sample.workspace.calls if each.method == "files.getUploadURLExternal"]
    assert "opened" in str(call.arguments.get("alt_txt"))
    with sample.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM digests WHERE value IS NOT NULL")).scalar_one() == 0


def test_what_is_pressed(sample: Staffroom) -> None:
    sample.clock.now = MONDAY
    sample.tick()
    pressed(sample, "priya-nair", "executive", "digest.source", "Two teaching assistants left")
    assert "Can another school spare a teaching assistant" in said(view(sample, "priya-nair"))
    ask = "Can another school spare a teaching assistant"
    pressed(sample, "priya-nair", "executive", "digest.take", ask)
    pressed(sample, "priya-nair", "executive", "digest.take", ask)
    top = pressed(sample, "helen-marchbank", "executive", "digest.discussed", "Two teaching assistants left")
    thread = all_said(sample, top)
    assert thread.count("Priya Nair takes this on: “Can another") == 1
    assert "puts this on the next agenda of Executive team" in thread
    pressed(sample, "priya-nair", "executive", "digest.take", "Replace the fence")
    refused = sample.workspace.ephemerals("priya-nair")
    assert any("can change this action" in said(each) for each in refused)
    pressed(sample, "samuel-okafor", "executive", "digest.answer", ask)
    form = view(sample, "samuel-okafor")
    assert ask in said(form)
    assert sample.workspace.as_user("samuel-okafor").submit(form, {"answer": "Yes: <b> from Riverside & soon."}).ok
    sample.rest()
    assert "Samuel Okafor* answers Fernside School" in all_said(sample, top)
    assert "from Riverside & soon" in said(sample.told("louise-garrity", "Samuel Okafor* answers"))
    bot = sample.bot
    assert bot
    helen = sample.workspace.as_user("helen-marchbank")
    assert helen.command("/trust", "agenda", channel="executive").ok
    form = sample.modal("helen-marchbank", "Next agenda")
    assert helen.submit(form).ok
    sample.rest()
    assert "Two teaching assistants left" in said(sample.told("helen-marchbank", "Draft agenda: Executive team"))
    with sample.engine.connect() as connection:
        rows = connection.execute(text("SELECT task FROM actions WHERE task LIKE 'Follow up with Fernside%'")).all()
    assert len(rows) == 1


def test_the_command(sample: Staffroom) -> None:
    sample.clock.now = MONDAY - timedelta(hours=2)
    helen, ella = (sample.workspace.as_user(each) for each in ("helen-marchbank", "ella-knox"))

    def whispered(person: str, words: str) -> str:
        sample.rest()

        def there() -> str | None:
            shown = map(said, reversed(sample.workspace.ephemerals(person)))
            return next((each for each in shown if words in each), None)

        return sample.workspace.wait_for(there, what=f"{words!r} for {person}")

    assert helen.command("/trust", "digest", channel="executive").ok
    assert "Mondays at 08:00" in whispered("helen-marchbank", "Weekly digest")
    assert helen.command("/trust", "digest preview", channel="executive").ok
    assert "eleven" in whispered("helen-marchbank", "A preview, for you alone")
    assert not [each for each in sample.workspace.messages("executive") if "Weekly digest" in each.text]
    assert ella.command("/trust", "digest preview #executive").ok
    preview = whispered("ella-knox", "A preview, for you alone")
    assert "eleven" not in preview
    assert "fence" not in preview
    assert ella.command("/trust", "digest pause #executive").ok
    whispered("ella-knox", "changes this digest")
    claire = sample.workspace.as_user("claire-dunmore")
    assert claire.command("/trust", "digest friday 15:00", channel="oakfield-slt").ok
    moved = whispered("claire-dunmore", "#oakfield-slt: Fridays at 15:00, all agenda items")
    assert "the next one comes on Friday 20 November at 15:00" in moved
    assert claire.command("/trust", "digest friday 22:00", channel="oakfield-slt").ok
    whispered("claire-dunmore", "before 17:30")
    assert claire.command("/trust", "digest pause #executive").ok
    whispered("claire-dunmore", "changes this digest")
    assert helen.command("/trust", "digest items attendance, Staffing, wellbeing and talent", channel="executive").ok
    whispered("helen-marchbank", "There is no agenda item")
    assert helen.command("/trust", "digest items attendance, send in #heads", channel="executive").ok
    whispered("helen-marchbank", "#heads: Mondays at 08:00, Attendance, SEND;")
    assert helen.command("/trust", "digest nonsense", channel="executive").ok
    whispered("helen-marchbank", "does not know")
    assert helen.command("/trust", "digest pause", channel="heads").ok
    whispered("helen-marchbank", "#heads is paused")
    assert helen.command("/trust", "digest post", channel="executive").ok
    whispered("helen-marchbank", "It counts as this week's")
    assert root(sample, "executive")
    assert helen.command("/trust", "digest post", channel="executive").ok
    whispered("helen-marchbank", "already")
    sample.clock.now = MONDAY + timedelta(minutes=20)
    sample.tick()
    root(sample, "executive")
    assert not [each for each in sample.workspace.messages("heads") if "Weekly digest" in each.text]
    sample.clock.now = datetime(2026, 11, 17, 9, 0, tzinfo=LONDON)
    assert helen.command("/trust", "digest resume", channel="heads").ok
    whispered("helen-marchbank", "the next one comes on Monday 23 November")
    sample.tick()
    assert not [each for each in sample.workspace.messages("heads") if "Weekly digest" in each.text]
