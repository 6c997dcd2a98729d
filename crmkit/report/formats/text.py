"""Text to send by a messenger: a page cut into messages, no boxes, nothing aligned; a page of no messages as plain."""

from crmkit.report.formats.plain import render_plain
from crmkit.report.harmless import lines
from crmkit.report.page import Page


def render_text(page: Page) -> str:
    """The messages with a blank line between them, each to be sent alone."""
    if not page.messages:
        return render_plain(page)
    return "\n".join("".join(f"{line}\n" for line in lines(message)) for message in page.messages)
