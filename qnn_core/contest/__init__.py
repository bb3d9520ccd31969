"""Every model on the same pictures under named budgets, beside the published figures."""
