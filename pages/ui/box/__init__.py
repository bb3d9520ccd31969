"""The three parts of page 9: the clock hand, all pictures, entanglement."""
