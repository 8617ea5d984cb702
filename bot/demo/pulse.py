"""The tour's pulse: asked of the trust's leaders, answered as five of them, closed and published, all through Slack."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from threading import Lock

from bot.demo.workspace.controls import NotThere, elements
from bot.demo.workspace.page.time_machine import TimeMachine
from bot.demo.workspace.page.tour import Act, Step
from bot.demo.workspace.state import Json, Message
from bot.demo.workspace.workspace import Workspace

EXECUTIVE, HEAD = "helen-marchbank", "claire-dunmore"
OTHERS = {
    "tom-ashworth": "4545432344",
    "meera-shah": "5454443254",
    "david-penhale": "4344542233",
    "louise-garrity": "4454532145",
    "samuel-okafor": "5545443244",
    "priya-nair": "4455442234",
    "joanne-tully": "5444543143",
    "martin-sedgwick": "4354442243",
}
CHANNEL = "executive"
NAME = "Reading across the five schools"
MORNING = time(8, 0)
SLOW = 20.0


def pulse_step(machine: TimeMachine) -> Step:
    """The step; `machine` moves the clock to the day on which a pulse may open, and lets it strike."""

    def ask(workspace: Workspace) -> None:
        if _invitation(workspace, HEAD):
            return
        _collaborate(workspace)
        opens = _plan(workspace)
        morning = datetime.combine(opens, MORNING, machine.zone)
        if morning > machine.now():
            machine.move_to(morning)
        else:
            machine.strike()
        if _invitation(workspace, HEAD) is None:
            machine.move("morning")

    answered: set[str] = set()
    # Whoever presses the next button while the others are still answering waits for them.
    turn = Lock()

    def answer(workspace: Workspace) -> None:
        with turn:
            for person, choices in OTHERS.items():
                form = _open(workspace, person)
                said = {f"s{number}": choice for number, choice in enumerate(choices)}
                if workspace.as_user(person).submit(form, said).ok:
                    answered.add(person)
                _close_all(workspace, person)

    def publish(workspace: Workspace) -> None:
        with turn:
            _publish(workspace)

    def _publish(workspace: Workspace) -> None:
        if len(answered) < len(OTHERS):
            raise NotThere("let eight others answer first: a pulse closes early only once eight have answered")
        helen = workspace.as_user(EXECUTIVE)
        helen.command("/trust", "pulse", helen.direct)
        helen.click(_modal(workspace, EXECUTIVE, "Pulse"), "pulse.close")
        helen.submit(_modal(workspace, EXECUTIVE, "Close the pulse?"))
        _close_all(workspace, EXECUTIVE)
        machine.strike()

    return Step(
        "Answer a pulse, and see it published",
        "Five schools work on reading together. Helen Marchbank asks ten leaders how it goes on the five tests of "
        "collaboration. Answer as Claire; the tour answers for eight others. Nobody sees anybody's answers, or who "
        "has answered: only figures of eight people or more appear, once, when the pulse closes.",
        (
            Act("Ask the leaders", EXECUTIVE, "messages", ask),
            Act("Answer as Claire", HEAD, "messages", _opens(HEAD)),
            Act("Let eight others answer", "tom-ashworth", "messages", answer),
            Act("Close it and read the results", EXECUTIVE, f"#{CHANNEL}", publish),
        ),
    )


def _opens(person: str) -> Callable[[Workspace], None]:
    def do(workspace: Workspace) -> None:
        _open(workspace, person)

    return do


def _open(workspace: Workspace, person: str) -> Json:
    invitation = _invitation(workspace, person)
    if invitation is None:
        raise NotThere("nobody has been asked yet: press “Ask the leaders” first")
    workspace.as_user(person).click(invitation, "pulse.answer")
    return _modal(workspace, person, "Two-minute pulse")


def _invitation(workspace: Workspace, person: str) -> Message | None:
    """The last message in somebody's Messages tab that asks."""
    asked = (each for each in reversed(workspace.direct(person)) if any(
        element["action_id"] == "pulse.answer" for _, element in elements(each.blocks)))  # fmt: skip
    return next(asked, None)


def _modal(workspace: Workspace, person: str, title: str) -> Json:
    def shown() -> Json | None:
        view = workspace.modal(person)
        return view if view and view["title"]["text"] == title else None

    return workspace.wait_for(shown, SLOW, f"the form {title!r}")


def _close_all(workspace: Workspace, person: str) -> None:
    while view := workspace.modal(person):
        workspace.as_user(person).close(view)


def _collaborate(workspace: Workspace) -> None:
    helen = workspace.as_user(EXECUTIVE)
    helen.command("/trust", "collaborations", helen.direct)
    helen.click(_modal(workspace, EXECUTIVE, "Collaborations"), "pulse.open")
    form = _modal(workspace, EXECUTIVE, "Open a collaboration")
    start = date.fromisoformat(_initial(form, "start"))
    values = {
        "name": NAME,
        "schools": ["oakfield", "riverside", "hazel-lane", "westbrook", "fernside"],
        "outcome": "Every child reads fluently by the end of Year 4, disadvantaged pupils above all.",
        "lead": EXECUTIVE,
        "end": start.replace(year=start.year + 1, day=1).isoformat(),
        "purpose": "All five schools have agreed on fluency by the end of Year 4.",
        "mutuality": "Oakfield gives phonics coaching, Westbrook its library; each school takes what it lacks.",
    }
    helen.submit(form, values)
    _close_all(workspace, EXECUTIVE)


def _plan(workspace: Workspace) -> date:
    """Plan it through the form, for the first day on which a pulse may open."""
    helen = workspace.as_user(EXECUTIVE)
    helen.command("/trust", "pulse", helen.direct)
    form = _modal(workspace, EXECUTIVE, "Pulse")
    opens = _initial(form, "opens")
    if not opens:
        raise NotThere("no pulse can open any more this term: move the clock to the first day back, then try again")
    where = workspace.state.channel(CHANNEL).id
    helen.submit(form, {"groups": ["group:heads", "group:exec"], "opens": opens, "where": where})
    _close_all(workspace, EXECUTIVE)
    return date.fromisoformat(opens)


def _initial(form: Json, field: str) -> str:
    found = (element for _, element in elements(form["blocks"]) if element["action_id"] == field)
    return str(next(found).get("initial_date") or "")
