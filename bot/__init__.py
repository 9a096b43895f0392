"""The Discord bot: talks to people on Discord and to the REST API, and to nothing else."""
