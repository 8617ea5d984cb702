"""`python -m bot.cli`: the same as `trustbot`."""

from bot.cli.main import main

main()
