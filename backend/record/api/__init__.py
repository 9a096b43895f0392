"""The REST API under /api/, the form webhooks and the calendar feeds. Import it only once Django is set up."""
