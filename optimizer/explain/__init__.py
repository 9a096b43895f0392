"""Why, whom and what if: answers read off a proven plan, exact by the residual graph. They change nothing."""
