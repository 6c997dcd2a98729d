"""Charts for a terminal: bars of block characters, labels below, nothing wider than asked."""

from crmkit.report.axis import mark_words, marks
from crmkit.report.harmless import one_line
from crmkit.report.page import Chart

_HEIGHT = 12
_NARROWEST, _WIDEST = 44, 100
_HOLLOW = "\u2591"  # ░


def chart_lines(chart: Chart, width: int) -> list[str]:
    """The chart as lines of plain text; a month that is not over is drawn in a lighter shade."""
    import plotext

    places = list(range(1, len(chart.bars) + 1))
    values = [float(bar.value or 0) for bar in chart.bars]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plot_size(max(_NARROWEST, min(width, _WIDEST)), _HEIGHT)
    for hollow, marker in ((False, "sd"), (True, _HOLLOW)):
        chosen = [n for n, bar in enumerate(chart.bars) if bar.hollow is hollow]
        if chosen:
            plotext.bar([places[n] for n in chosen], [values[n] for n in chosen], width=0.6, marker=marker)
    axis = marks([bar.value for bar in chart.bars if bar.value is not None])
    plotext.ylim(float(axis[0]), float(axis[-1]))
    plotext.yticks([float(mark) for mark in axis], [mark_words(mark) for mark in axis])
    plotext.xticks(places, [one_line(bar.label) for bar in chart.bars])
    lines = plotext.uncolorize(plotext.build()).splitlines()
    return [line.rstrip() for line in lines]
