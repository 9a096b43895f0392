"""axe-core's rules of accessible pages, run inside a page that a browser has open."""

from __future__ import annotations

from typing import Any

import pytest

from tests.standins.serving import ROOT

SOURCE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not SOURCE.is_file(), reason="axe-core is not installed: npm ci")
GRAVE = ("serious", "critical")


def complaints(page: Any) -> list[str]:
    """Rule and place of each grave violation on the page as it stands (WCAG 2.2 A and AA, and best practice)."""
    page.evaluate(SOURCE.read_text(encoding="utf-8"))  # not a script tag: the page's own policy forbids those
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:120]}"
        for one in found
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]
