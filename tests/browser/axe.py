"""What axe, which knows the rules for who cannot see or use a mouse, finds on a page."""

import pytest

STREAMLITS = {
    ("presentation-role-conflict", "[data-testid=stFileUploaderDropzone]"): "It hides a place that takes the focus.",
}
"""Rule and place → what Streamlit's own markup does there, which is not ours to mend."""


def violations(tab, met=None):
    """What is wrong with the page as it is now, but for STREAMLITS: rule, place and why, at any level.

    met: a set that gets the entries of STREAMLITS that were seen.
    """
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    found = []
    for rule in axe.run(tab).response["violations"]:
        for node in rule["nodes"]:
            known = {key for key in STREAMLITS if key[0] == rule["id"] and _is(tab, node["target"], key[1])}
            if met is not None:
                met.update(known)
            if not known:
                found.append((rule["id"], node["html"][:160], node.get("failureSummary", "")[:200]))
    return found


def _is(tab, target, selector):
    """Whether the place that axe names is what the selector finds."""
    place = target[-1] if isinstance(target[-1], str) else target[-1][-1]
    return tab.locator(place).first.evaluate("(one, selector) => one.matches(selector)", selector)
