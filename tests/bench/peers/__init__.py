"""Other programs doing the same work; each file stands alone, so that it can run in an environment of its own."""
