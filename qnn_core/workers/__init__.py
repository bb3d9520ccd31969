"""The processes that compute, here or on a cluster."""
