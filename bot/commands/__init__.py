"""The commands, by who uses them. Each is thin: what it does is in `bot.acts`, what it says in `bot.texts`."""
