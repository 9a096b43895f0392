"""The engine of the flow case: min-cost flows on the optimal face, tier by tier, with column generation."""
