"""A leader asks, in every way that Slack has, and gets the documents' own words with their place."""

from __future__ import annotations

from tests.scenarios import corpus
from tests.scenarios.conftest import Office, said


def test_a_mention_is_answered_in_its_thread(office: Office) -> None:
    question = office.mention("bob", "staff", "When are hirers of the sports hall invoiced?")
    reply = office.answer(question)
    assert reply.thread_ts == question.ts
    assert corpus.LETTINGS in said(reply)
    assert "*Lettings policy*, 2026 · Charges › Invoices · page 2" in said(reply)
    assert "last working day of each month" in reply.text
    assert reply.unfurl is False


def test_a_follow_up_needs_no_mention_and_uses_what_was_said(office: Office) -> None:
    question = office.mention("bob", "staff", "When are hirers of the sports hall invoiced?")
    office.answer(question)
    office.asked.append("And if they pay late?")
    office.workspace.as_user("fay").say("staff", "And if they pay late?", thread=question.ts)
    second = office.answers(question, 2)[1]
    assert corpus.LATE in said(second)


def test_people_talking_to_each_other_in_the_thread_are_left_alone(office: Office) -> None:
    question = office.mention("bob", "staff", "When does the register close?")
    office.answer(question)
    fay = office.workspace.state.user("fay").id
    bob = office.workspace.as_user("bob")
    bob.say("staff", "Thanks, that settles it.", thread=question.ts)
    bob.say("staff", f"<@{fay}> what do you make of that?", thread=question.ts)
    office.rest()
    assert len(office.workspace.replies(question)) == 1


def test_other_threads_and_plain_messages_are_left_alone(office: Office) -> None:
    message = office.workspace.as_user("bob").say("staff", "When does the register close?")
    office.workspace.as_user("fay").say("staff", "When does the register close, anybody?", thread=message.ts)
    office.rest()
    assert office.workspace.replies(message) == []


def test_a_direct_message_is_answered_from_what_its_writer_may_read(office: Office) -> None:
    question = "Where is the spare key of the Fernhill boiler house?"
    assert "office safe" in said(office.ask_alone("fay", question))
    assert "office safe" not in said(office.ask_alone("bob", question))


def test_a_command_is_answered_to_its_sender_alone(office: Office) -> None:
    before = len(office.workspace.messages("staff"))
    seen = len(office.workspace.ephemerals("bob"))
    assert office.workspace.as_user("bob").command("/trust", "ask When does the register close?", "staff").ok
    reply = office.whispers("bob", seen + 1)[-1]
    assert corpus.REGISTER in said(reply)
    assert len(office.workspace.messages("staff")) == before


def test_a_command_works_where_the_bot_is_no_member(office: Office) -> None:
    seen = len(office.workspace.ephemerals("bob"))
    assert office.workspace.as_user("bob").command("/trust", "ask When does the register close?", "nobot").ok
    assert corpus.REGISTER in said(office.whispers("bob", seen + 1)[-1])


def test_help_comes_for_help_nothing_and_words_that_are_unknown(office: Office) -> None:
    for words in ("help", "", "ask", "dance with me"):
        seen = len(office.workspace.ephemerals("fay"))
        assert office.workspace.as_user("fay").command("/trust", words, "staff").ok
        assert "Ask in private" in said(office.whispers("fay", seen + 1)[-1])


def test_an_empty_mention_gets_help_alone(office: Office) -> None:
    seen = len(office.workspace.ephemerals("fay"))
    message = office.mention("fay", "staff", "")
    assert "Ask in private" in said(office.whispers("fay", seen + 1)[-1])
    assert office.workspace.replies(message) == []


def test_the_shortcut_asks_about_a_message_and_answers_directly(office: Office) -> None:
    message = office.workspace.as_user("fay").say("staff", "Does anybody know when the register closes?")
    bob = office.workspace.as_user("bob")
    seen = len(office.workspace.direct("bob"))
    assert bob.message_shortcut("ask.about", message).ok
    modal = office.modal("bob", "Ask Trustbot")
    assert modal["blocks"][0]["element"]["initial_value"] == "Does anybody know when the register closes?"
    assert bob.submit(modal, {"question": "When does the attendance register close?"}).ok
    office.workspace.wait_for(lambda: len(office.workspace.direct("bob")) > seen, what="the answer")
    assert corpus.REGISTER in said(office.workspace.direct("bob")[-1])
    assert office.workspace.replies(message) == []


def test_what_is_not_in_the_documents_is_said_to_be_not_there(office: Office) -> None:
    reply = office.ask("bob", "staff", "Which biscuits does the chair of governors prefer?")
    assert "Not in the documents that everyone in this channel may read." in said(reply)
    assert "Show sources" not in said(reply)
    assert "Not in the documents that you can see." in said(
        office.ask_alone("bob", "Which biscuits does the chair of governors prefer?")
    )


def test_a_child_at_risk_comes_before_everything(office: Office) -> None:
    reply = office.ask_alone("bob", "A child has disclosed abuse to me, what do I do?")
    assert "safeguarding lead" in reply.blocks[0]["text"]["text"]


def test_a_status_shows_while_it_works(office: Office) -> None:
    office.ask_alone("bob", "When does the register close?")
    shown = [call.arguments for call in office.workspace.calls if call.method == "assistant.threads.setStatus"]
    assert shown
    assert shown[-1]["status"] == "is looking in the documents…"


def test_home_and_prompts(office: Office) -> None:
    office.ask_alone("nat", "When does the register close?")
    nat = office.workspace.as_user("nat")
    nat.open_app("home")
    home = office.workspace.wait_for(lambda: office.workspace.home("nat"), what="App Home")
    assert "When does the register close?" in said(home)
    assert "sports hall" not in said(home)
    nat.open_app("messages")
    prompts = office.workspace.wait_for(lambda: office.workspace.prompts("nat"), what="prompts")
    assert "What are the five tests of collaboration?" in [each["message"] for each in prompts]


def test_words_of_a_document_never_act(office: Office) -> None:
    reply = office.ask("bob", "staff", "What should a notice on the staff board not say?")
    assert "<!channel>" not in reply.text
    assert "&lt;!channel&gt;" in reply.text
    quotes = [each for each in reply.blocks if each["type"] == "rich_text"]
    assert "<!channel>" in said({"blocks": quotes})
    others = [each for each in reply.blocks if each["type"] != "rich_text"]
    assert "<!channel>" not in said({"blocks": others})


def test_another_topic_in_a_thread_does_not_drag_the_old_one_in(office: Office) -> None:
    question = office.mention("bob", "staff", "When are hirers of the sports hall invoiced?")
    office.answer(question)
    office.asked.append("When does the attendance register close?")
    office.workspace.as_user("fay").say("staff", "When does the attendance register close?", thread=question.ts)
    second = said(office.answers(question, 2)[1])
    assert corpus.REGISTER in second
    assert corpus.LETTINGS not in second


def test_a_comparison_shows_the_channel_what_it_may_see_and_the_asker_the_rest(office: Office) -> None:
    seen = len(office.workspace.ephemerals("fay"))
    question = office.mention("fay", "staff", "Which schools have a boiler house?")
    shown = said(office.answer(question))
    assert "office safe" not in shown
    own = said(office.whispers("fay", seen + 1)[-1])
    assert "*Fernhill Primary School*" in own
    assert "office safe" in own
    assert "Marsh Lane Academy\nNo document found." in own


def test_thanks_and_hello_are_not_searched_for(office: Office) -> None:
    assert said(office.ask_alone("fay", "Thanks, that's great!")).startswith("You are welcome.")
    assert "Ask in private" in said(office.ask_alone("fay", "Good morning"))
    question = office.mention("bob", "staff", "thank you so much")
    assert said(office.answer(question)).startswith("You are welcome.")
