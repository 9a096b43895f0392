"""What the bot says, as functions from the API's answers to cards. No clock, no network."""
