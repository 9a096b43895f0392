"""What each command and each button does: from a turn and texts to a reply, over the API alone."""
