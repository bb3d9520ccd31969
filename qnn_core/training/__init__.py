"""The weights move: a loss, a way down, and the one loop that takes the steps."""
