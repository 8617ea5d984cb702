"""`python -m tests.scenarios.pulse_process`: the bot in a process of its own whose day is given, to be killed."""

from __future__ import annotations

import sys
import threading
from datetime import datetime

from bot import app, settings
from bot.failures import write_log
from bot.trustbot import Trustbot


def main() -> None:
    """Work until killed; the clock stands still at the time of the argument."""
    write_log()
    read = settings.read()
    with app.knowledge(read) as known:
        now = datetime.fromisoformat(sys.argv[1])
        bot = Trustbot(read, known.engine, known.answerer, known.library, known.trust, lambda: now)
        bot.start()
        threading.Event().wait()


if __name__ == "__main__":
    main()
