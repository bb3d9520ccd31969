"""One lesson per file, numbered in the order in which the data flows."""
