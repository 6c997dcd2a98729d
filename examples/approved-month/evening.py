"""Invents an evening: reads the day's sheet (`crmkit visit sheet --format json`) and writes the lines typed for it.

In the first week every ninth shop is found shut; in the others one strategy is done, later in the month two. One mark
is forgotten.
"""

import json
import sys

SAID = ("库存正常", "愿意试一条新品", "客流少，少订两条", "陈列已整理", "网上订货示范一次", "邻店也在问新品",
        "价签已补", "老板娘说烟柜要挪", "上次的建议照做了", "下周再看一次", "新品卖得动")  # fmt: skip
MORE = ("店主在", "店主爱人接待", "下次带宣传册", "柜台刚换", "周末人多", "门口在修路", "谈了十分钟", "约好看库存",
        "新雇了店员", "要小规格", "货架满", "渡船误点", "下午才开门")  # fmt: skip

FORGOTTEN = ("X8X", 3)


def main() -> None:
    sheet = json.load(sys.stdin)["data"]
    day = int(sheet["day"][-2:])
    for stop in (*sheet["stops"], *sheet["calls"]):
        number = int(stop["customer"]["code"]) + 3 * day
        print(stop["short_code"], "✗关门" if day < 7 and number % 9 == 0 else _line(stop, number, day))


def _line(stop: dict, number: int, day: int) -> str:
    tasks = [task for task in stop["tasks"] if (stop["short_code"], task["number"]) != FORGOTTEN]
    tasks = tasks[: 1 if day < 16 else 2]
    done = "".join(f" ★{task['number']}" for task in tasks)
    opinion = f" 意:希望{day // 3 + 5}点前送货" if number % 10 == 0 else ""
    return f"{done} {SAID[number % len(SAID)]}，{MORE[(5 * number + day) % len(MORE)]}{opinion}".strip()


if __name__ == "__main__":
    main()
