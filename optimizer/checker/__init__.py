"""The checker: confirms a plan from the problem, the policy and the witness. Shares no code with the engine."""
