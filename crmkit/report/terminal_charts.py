"""Charts for a terminal: bars of block characters, labels below, nothing wider than asked."""

from crmkit.report.axis import mark_words, marks
from crmkit.report.harmless import one_line
from crmkit.report.page import Chart

_HEIGHT = 12
_WIDEST, _WIDEST_BAR = 100, 10
_FRAME = 2
_HOLLOW = "\u2591"  # ░


def chart_lines(chart: Chart, width: int) -> list[str]:
    """The chart as lines of plain text; a month that is not over is drawn in a lighter shade."""
    import plotext

    places = list(range(1, len(chart.bars) + 1))
    values = [float(bar.value or 0) for bar in chart.bars]
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.limit_size(False, False)  # the width asked for, whatever terminal there is
    axis = marks([bar.value for bar in chart.bars if bar.value is not None])
    beside = max(len(mark_words(mark)) for mark in axis) + _FRAME
    room = min(width, _WIDEST) - beside
    each = max(1, min(_WIDEST_BAR, (room + 1) // len(places)))  # cells from bar to bar
    bar = max(1, each // 2 * 2 - 1)  # odd, so that no edge is rounded
    cells = each * (len(places) - 1) + bar
    margin = 1 if cells + 2 <= room else 0
    begin = 1 - (bar // 2 + margin) / each
    plotext.plot_size(cells + 2 * margin + beside, _HEIGHT)
    plotext.xlim(begin, begin + (cells + 2 * margin - 1) / each)
    for hollow, marker in ((False, "sd"), (True, _HOLLOW)):
        chosen = [n for n, bar in enumerate(chart.bars) if bar.hollow is hollow]
        if chosen:
            plotext.bar([places[n] for n in chosen], [values[n] for n in chosen], width=(bar - 1) / each, marker=marker)
    plotext.ylim(float(axis[0]), float(axis[-1]))
    plotext.yticks([float(mark) for mark in axis], [mark_words(mark) for mark in axis])
    plotext.xticks(places, [one_line(bar.label) for bar in chart.bars])
    lines = plotext.uncolorize(plotext.build()).splitlines()
    return [line.rstrip() for line in lines]
