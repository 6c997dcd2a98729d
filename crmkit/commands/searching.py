"""What a person sees while a plan is searched: how far it is and what the best plan so far costs."""

import sys

from crmkit.context import Context, write_stream
from crmkit.report.words import _
from crmkit.solvers.choosing import Progress


def told(context: Context) -> Progress | None:
    """A line on the terminal that is written over; None where nobody sits."""
    if not context.interactive or context.options.quiet:
        return None
    longest = 0

    def tell(share: float, cost: float) -> None:
        nonlocal longest
        line = _("Planning: {percent} %, cost {cost}. Ctrl-C keeps the best so far.").format(
            percent=int(share * 100), cost=f"{cost / 1000:.0f}"
        )
        longest = max(longest, 2 * len(line))  # Chinese is twice as wide
        write_stream(sys.stderr, "\r" + (line if share < 1 else " " * min(longest, context.width - 1) + "\r"))
        sys.stderr.flush()

    return tell
