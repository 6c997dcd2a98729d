"""All benchmarks, one after the other: medians of interleaved pairs and their ratios.

    python benchmarks/run.py             those on the demo's data
    python benchmarks/import_orders.py   the import of half a million lines, on the files of ../shared/data
"""

import plan_generate
import startup
import visit_log
from area import sweep


def main() -> None:
    try:
        for benchmark in (startup, visit_log, plan_generate):
            print(benchmark.measure().line(), flush=True)
    finally:
        sweep()


if __name__ == "__main__":
    main()
