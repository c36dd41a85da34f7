"""The cadence, the rule that says when a community meets: set, shown, paused and resumed."""
