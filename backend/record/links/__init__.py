"""The pages behind signed links: a look changes nothing, a button does the one thing."""
