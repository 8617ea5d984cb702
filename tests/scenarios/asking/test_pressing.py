"""What can be pressed under an answer."""

from __future__ import annotations

from sqlalchemy import text

from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until


def test_sources_show_quotes_with_their_places(office: Office) -> None:
    reply = office.ask("bob", "staff", "When are hirers of the sports hall invoiced?")
    fay = office.workspace.as_user("fay")
    assert fay.click(reply, "ask.sources").ok
    modal = office.modal("fay", "Sources")
    assert corpus.LETTINGS in said(modal)
    assert "*Lettings policy*, 2026 · Charges › Invoices · page 2" in said(modal)
    fay.close(modal)


def test_a_source_with_an_address_opens_by_a_link(office: Office) -> None:
    reply = office.ask("bob", "staff", "When are hirers of the sports hall invoiced?")
    links = [block["accessory"]["url"] for block in reply.blocks if "url" in block.get("accessory", {})]
    assert "https://docs.alder.example/lettings-policy.pdf" in links
    assert office.workspace.as_user("fay").click(reply, "ask.open").ok


def test_a_source_without_one_opens_in_its_page(office: Office) -> None:
    reply = office.ask_alone("bob", "When does the register close?")
    bob = office.workspace.as_user("bob")
    assert bob.click(reply, "ask.passage").ok
    modal = office.modal("bob", "In its page")
    assert corpus.REGISTER in said(modal)
    assert corpus.AFTERNOON in said(modal)
    assert "leave of absence" not in said(modal)
    assert "*Attendance policy*, 2026 · Registers · page 1" in said(modal)
    bob.close(modal)
    bob.click(reply, "ask.sources")
    sources = office.modal("bob", "Sources")
    bob.click(sources, "ask.passage")
    bob.close(office.modal("bob", "In its page"))
    bob.close(office.modal("bob", "Sources"))


def test_thumbs_down_asks_what_was_missing(office: Office) -> None:
    reply = office.ask_alone("bob", "When does the register close?")
    bob = office.workspace.as_user("bob")
    down = next(
        element["negative_button"]["value"]
        for block in reply.blocks
        if block["type"] == "context_actions"
        for element in block["elements"]
    )
    assert bob.click(reply, "ask.feedback", down).ok
    modal = office.modal("bob", "What was missing?")
    assert bob.submit(modal, {"missing": "The afternoon register"}).ok

    def kept() -> list[tuple[str, str | None]]:
        with office.engine.connect() as connection:
            rows = connection.execute(
                text("SELECT verdict, missing FROM feedback WHERE answer_id = :id"), {"id": down.removeprefix("down:")}
            )
            return [(row.verdict, row.missing) for row in rows]

    wait_until(lambda: kept() == [("down", "The afternoon register")], "the feedback")


def test_buttons_work_after_a_restart(office: Office) -> None:
    reply = office.ask("bob", "staff", "When are hirers of the sports hall invoiced?")
    office.close()
    office.open()
    fay = office.workspace.as_user("fay")
    assert fay.click(reply, "ask.sources").ok
    modal = office.modal("fay", "Sources")
    assert corpus.LETTINGS in said(modal)
    fay.close(modal)
    office.asked.append("And if they pay late?")
    bob = office.workspace.as_user("bob")
    root = office.workspace.thread(reply)[0]
    bob.say("staff", "And if they pay late?", thread=root.ts)
    assert corpus.LATE in said(office.answers(root, 2)[1])


def test_a_button_of_an_answer_that_is_gone_says_so(office: Office) -> None:
    reply = office.ask_alone("bob", "When does the register close?")
    with office.engine.begin() as connection:
        connection.execute(
            text("DELETE FROM answers WHERE asker = :user"), {"user": office.workspace.state.user("bob").id}
        )
    bob = office.workspace.as_user("bob")
    bob.click(reply, "ask.sources")
    modal = office.modal("bob", "Trustbot")
    assert "no longer kept" in said(modal)
    bob.close(modal)
