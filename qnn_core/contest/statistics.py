"""Is a difference between two models more than luck?"""

from collections.abc import Iterable

import numpy as np

from qnn_core.contest.contenders import CONTENDERS, Outcome

FEWEST_PAIRS = 6
"""With fewer, even a difference in every pair could be luck: 2 · 2⁻⁵ > 0.05."""


def paired_sentence(outcomes: Iterable[Outcome], quantum: str = "qnn-32", classical: str = "fair") -> str:
    """Wilcoxon's signed-rank test of two models over the same seeds, in one plain sentence."""
    by_seed: dict[int, dict[str, float]] = {}
    for outcome in outcomes:
        by_seed.setdefault(outcome.seed, {})[outcome.model] = outcome.test_accuracy
    pairs = [seed[classical] - seed[quantum] for seed in by_seed.values() if {quantum, classical} <= set(seed)]
    if not pairs:
        names = f"{CONTENDERS[quantum].title} and {CONTENDERS[classical].title}"
        return f"Run {names} over the same seeds to compare them in pairs."
    if len(pairs) < FEWEST_PAIRS:
        return f"{FEWEST_PAIRS} seeds or more are needed to say whether the difference is luck."
    ahead = sum(pair > 0 for pair in pairs)
    if not np.any(pairs):
        return f"Over {len(pairs)} seeds both networks are equally accurate."
    from scipy.stats import wilcoxon

    chance = float(wilcoxon(pairs).pvalue)
    verdict = "this is no luck" if chance < 0.05 else "this may be luck"
    one, other = CONTENDERS[classical].title, CONTENDERS[quantum].title
    return (
        f"{one} beats {other} for {ahead} of {len(pairs)} seeds, "
        f"by {np.median(pairs):+.3f} in the median: {verdict} (Wilcoxon's paired test, p = {chance:.2g})."
    )
