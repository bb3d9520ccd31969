"""What the network gets to see: from 70,000 handwritten digits to labelled bits."""
