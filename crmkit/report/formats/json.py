"""JSON: the envelope, UTF-8 unescaped."""

import json

from crmkit.report.harmless import escaped_json
from crmkit.report.page import Page, envelope


def render_json(page: Page) -> str:
    """The page's envelope, indented by two."""
    return escaped_json(json.dumps(envelope(page), ensure_ascii=False, indent=2, allow_nan=False)) + "\n"
