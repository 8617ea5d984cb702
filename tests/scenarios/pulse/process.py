"""`python -m tests.scenarios.pulse.process`: the bot in a process of its own whose day is given, to be killed."""

from __future__ import annotations

import sys
import threading
from datetime import datetime

from bot import app
from bot.config import settings
from bot.runtime.failures import write_log


def main() -> None:
    """Work until killed; the clock stands still at the time of the argument."""
    write_log()
    read = settings.load_settings()
    with app.knowledge(read) as known:
        now = datetime.fromisoformat(sys.argv[1])
        bot = app.slack_bot(read, known.engine, known.answerer, known.library, known.trust, lambda: now)
        bot.start()
        threading.Event().wait()


if __name__ == "__main__":
    main()
