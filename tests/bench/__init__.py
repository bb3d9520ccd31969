"""Speed measurements, run by hand: `python -m tests.bench`. Figures depend on the machine, ratios less so."""
