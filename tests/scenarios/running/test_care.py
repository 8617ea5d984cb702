"""What is kept of people, what is learned from use, and what an administrator approves, through the workspace."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import text

from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said, wait_until


def rows(office: Office, query: str, **values: object) -> list[Any]:
    with office.engine.connect() as connection:
        return list(connection.execute(text(query), values))


def user(office: Office, name: str) -> str:
    return office.workspace.state.user(name).id


def command(office: Office, person: str, words: str) -> str:
    """Send `/trust …` and wait for what only this person sees."""
    seen = len(office.workspace.ephemerals(person))
    assert office.workspace.as_user(person).command("/trust", words, "staff").ok
    return said(office.whispers(person, seen + 1)[-1])


def test_a_pupils_name_is_kept_nowhere_and_the_asker_is_told(office: Office) -> None:
    before = len(office.workspace.direct("bob"))
    reply = office.ask_alone("bob", "Can Liam Carterby in Year 5 be excluded for biting?")
    assert "Carterby" not in said(reply)
    office.workspace.wait_for(
        lambda: any("seemed to name a pupil" in said(each) for each in office.workspace.direct("bob")[before:]),
        what="the note about the name",
    )
    with office.engine.connect() as connection:
        kept = json.dumps([[str(each) for each in row] for table in ("answers", "inbox", "posts", "audit")
                           for row in connection.execute(text(f"SELECT * FROM {table}"))])  # fmt: skip
    assert "Carterby" not in kept
    assert "Pupil A in Year 5" in kept
    assert "Carterby" not in office.log.getvalue()


def test_privacy_says_what_is_so(office: Office) -> None:
    told = command(office, "fay", "privacy")
    assert "*Language model*: none." in told
    assert "the words of questions: 365 days" in told
    assert "Ada Ash" in told
    where = "the PostgreSQL server" if office.settings.database_url else str(office.settings.home)
    assert where in told


def test_who_was_shown_which_documents_is_recorded_without_the_question(office: Office) -> None:
    reply = office.ask_alone("bob", "When are hirers of the sports hall invoiced?")
    bob = office.workspace.as_user("bob")
    assert bob.click(reply, "ask.sources").ok
    bob.close(office.modal("bob", "Sources"))
    found = rows(office, "SELECT what, documents FROM audit WHERE person = :user ORDER BY id", user=user(office, "bob"))
    assert {"answer", "sources"} <= {row.what for row in found}
    assert "Lettings policy" in found[-1].documents
    assert "invoiced?" not in json.dumps([list(row) for row in found])


def test_my_data_is_exported_to_me_alone_and_deleted_when_i_confirm(office: Office) -> None:
    office.ask_alone("nat", "When does the register close?")
    nat = office.workspace.as_user("nat")
    assert nat.command("/trust", "mydata", "staff").ok
    modal = office.modal("nat", "Your data")
    assert nat.click(modal, "privacy.export").ok

    def file() -> Any:
        return next((each.files[0] for each in office.workspace.direct("nat") if each.files), None)

    office.workspace.wait_for(file, what="the file")
    nat.close(office.modal("nat", "Your data"))
    assert nat.command("/trust", "mydata", "staff").ok
    assert nat.click(office.modal("nat", "Your data"), "privacy.delete").ok
    sure = office.modal("nat", "Delete your data?")
    count = "SELECT count(*) FROM answers WHERE asker = :user"
    assert rows(office, count, user=user(office, "nat"))[0][0] > 0
    assert nat.submit(sure).ok
    wait_until(lambda: rows(office, count, user=user(office, "nat"))[0][0] == 0, "the answers to go")
    office.rest()
    told = [each for each in office.workspace.direct("nat") if "are deleted" in said(each)]
    assert len(told) == 1
    assert "they are the trust's record" in said(told[0])


def test_an_approved_answer_is_given_first_until_it_is_retired(office: Office) -> None:
    ada = office.workspace.as_user("ada")
    reply = office.ask_alone("ada", "When are hirers of the sports hall invoiced?")
    assert ada.message_shortcut("standard.make", reply).ok
    form = office.modal("ada", "Standard answer")
    assert "Lettings policy" in said(form)
    values = {
        "text": "On the last working day of each month. Ask the office for a copy.",
        "also": "When do hirers get the bill?",
    }
    assert ada.submit(form, values).ok
    done = office.modal("ada", "Standard answer")
    assert "Approved by Ada Ash" in said(done)
    ada.close(done)

    public = office.ask("bob", "staff", "When are the hirers of our sports hall invoiced?")
    told = said(public)
    assert "Ask the office for a copy." in told
    assert "Approved by Ada Ash on" in told
    assert "Lettings policy" in told
    assert "Ask the office" not in said(
        office.ask("bob", "staff", "When are hirers of the swimming pool not invoiced?")
    )

    assert office.workspace.as_user("bob").message_shortcut("standard.make", public).ok
    sorry = office.modal("bob", "Trustbot")
    assert "Only an administrator" in said(sorry)
    office.workspace.as_user("bob").close(sorry)

    assert ada.command("/trust", "standard").ok
    assert ada.click(office.modal("ada", "Standard answers"), "standard.retire").ok
    wait_until(lambda: rows(office, "SELECT 1 FROM standard_answers WHERE retired IS NOT NULL"), "it to be retired")
    ada.close(office.modal("ada", "Standard answers"))
    again = said(office.ask("bob", "staff", "When are the hirers of our sports hall invoiced?"))
    assert "Ask the office" not in again
    assert corpus.LETTINGS in again


def test_insights_show_what_three_people_asked_and_no_names(office: Office) -> None:
    for person in ("bob", "fay", "max"):
        office.ask_alone(person, "Which biscuits does the chair of governors prefer?")
    office.ask_alone("bob", "What is the colour of the unicorn in the library?")
    assert "Insights are for" in command(office, "bob", "insights")
    seen = len(office.workspace.ephemerals("eve"))
    assert office.workspace.as_user("eve").command("/trust", "insights", "staff").ok
    told = said(office.whispers("eve", seen + 2)[-1])
    assert "Which biscuits does the chair of governors prefer? (" in told
    assert "unicorn" not in told
    assert "Bob Birch" not in told
    assert user(office, "bob") not in told
