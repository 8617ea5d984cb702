"""The library's folders as the bot keeps them: which files belong to it, and how far it is read."""
