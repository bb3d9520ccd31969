"""Runs that somebody watches: slices of work, and what collects them."""
