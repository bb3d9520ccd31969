"""What the network really computes, and why training starts flat."""
