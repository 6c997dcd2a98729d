"""What messengers of other phones paste, how the voice writes a code, and signs that are only text."""

import pytest
from test_evening_lines import K, M, P, known, shops, slips

from crmkit.model.evening import ShopDay, Slip
from crmkit.model.visit import MissReason
from crmkit.sources.evening import read_evening


def effects(lines: str) -> dict[str, str | None]:
    return {name: shop.effect for name, shop in shops(lines).items()}


def skipped(lines: str) -> list[int]:
    return [line for line, _text in read_evening(lines, known()).skipped]


@pytest.mark.parametrize(
    "stamp",
    ["[18:02] 张三: ", "[18:02:33] 张三：", "[2026/11/24, 18:03:12] 张三: ", "[24/11/2026, 18:02:11] Zhang San: ",
     "11/24/26, 18:02 - 张三: ", "[下午6:02] 张三: ", "张三: ", "@张三 "],
)  # fmt: skip
def test_a_time_and_name_in_front_of_a_message_are_left_out(stamp: str) -> None:
    found = shops(f"{stamp}{K} ★2 补货\n{stamp}{P} 关门")
    assert (found["张记烟酒"].done, found["张记烟酒"].effect) == ((2,), "补货")
    assert (found["红星便利店"].missed, found["红星便利店"].effect) == (MissReason.CLOSED, None)


def test_who_speaks_is_known_by_the_stamp_too() -> None:
    pasted = f"[18:02] 张三: {K} 补货\n[18:03] 张三: 两条\n[18:04] 李四: 收到"
    assert effects(pasted) == {"张记烟酒": "补货；两条"}
    assert read_evening(pasted, known()).asides == ((3, "收到"),)
    assert effects(f"{K} 好\n[9:30] 老板说: 涨价") == {"张记烟酒": "好；[9:30] 老板说: 涨价"}


@pytest.mark.parametrize(
    "line",
    ["2026-11-24 18:02:11 张三(12345)", "Zhang San Thu 6:02 PM", "Nov 24, 2026 6:02 PM", "11/24/26, 6:02 PM",
     "24 November 2026", "Thu 6:02 PM", "Thursday", "—— 以下为新消息 ——", "以上是打招呼的内容", "图片", '[语音] 12"',
     "[语音]12″ 未读", "[视频通话] 通话时长 02:11", "你撤回了一条消息 重新编辑", "张三和李四的聊天记录",
     "“张三”邀请“李四”加入了群聊", "张三拍了拍李四", "- - - - - -", "Alice unsent a message"],
)  # fmt: skip
def test_lines_nobody_wrote_are_left_out_and_told(line: str) -> None:
    pasted = f"{line}\n{K} 补货\n{line}\n{P} 好"
    assert effects(pasted) == {"张记烟酒": "补货", "红星便利店": "好"}
    assert skipped(pasted) == [1, 3]


@pytest.mark.parametrize(
    "text", ["照片已发", "图片没拍", "come Thu 6:02 PM", "9:30 老板：要两条", "「老板：下月涨价」", "== 见附表"]
)
def test_lines_that_somebody_wrote_are_kept(text: str) -> None:
    assert effects(f"{K} 好\n{text}\n{P} 好")["张记烟酒"] == f"好；{text}"


def test_a_quoted_message_is_not_taken_twice_and_its_answer_is_no_other_shops() -> None:
    rule = "- - - - - - - - - - - - - - -"
    quoted = f"{K} 补货\n「张三：{P} 关门\n下午再去」\n{rule}\n"
    assert slips(f"{quoted}其实开了") == [(5, Slip.NO_SHOP)]
    assert effects(f"{quoted}{P} 其实开了") == {"张记烟酒": "补货", "红星便利店": "其实开了"}
    assert effects(f"{K} 补货\n「张三：价签呢」\n{rule}\n价签齐了") == {"张记烟酒": "补货；价签齐了"}


def as_dictated(code: str) -> list[str]:
    a, b, c = code
    numeral = "".join("零一二三四五六七八九"[int(one)] if one.isdigit() else one for one in code)
    return [f"{a} {b} {c}", f"{a} {b}{c}".lower(), f"{a}{b} {c}", f"{a}　{b}　{c}".lower(), numeral]


@pytest.mark.parametrize("code", as_dictated(K))
def test_a_code_as_the_voice_writes_it(code: str) -> None:
    assert effects(f"{P} 好\n{code} 补货２条。") == {"红星便利店": "好", "张记烟酒": "补货２条"}


def test_a_slip_in_a_code_spoken_apart_is_no_text_of_the_shop_above() -> None:
    wrong = f"{K[0]} {K[1]} {'F' if K[2] != 'F' else 'G'}"
    assert slips(f"{P} 好\n{wrong} 补货") == [(2, Slip.WRONG_CODE)]
    assert effects(f"{P} 好\nA 4 纸两包\na 3 月再说") == {"红星便利店": "好；A 4 纸两包；a 3 月再说"}


@pytest.mark.parametrize(
    "text",
    ["500ml*2", "＋5元一条", "价格 +5元", "涨价，+5元", "1+1促销", "v领的店员", "本月未完成", "任务未 完成", "完成 80%",
     "not done", "wasn't done", "done with it", "老板说“涨价；异：假 ★”好",
     '说"A；异：B"完', "「● 送册」是他说的",
     "他说月底要关门", "不在乎价格", "没人买", "天气热", "😀👍补货", "online orders came", "shop full", "-2未完成"],
)  # fmt: skip
def test_signs_that_are_characters_of_a_text_are_text(text: str) -> None:
    """The shop has one open task: a star would be taken for it."""
    assert shops(f"{P} {text}")["红星便利店"] == ShopDay(1, known().codes[P], effect=text)


@pytest.mark.parametrize(
    ("line", "slip"),
    [("★没做完", Slip.DONE_OR_NOT), ("-1 未完成", Slip.DONE_OR_NOT), ("★1未完成", Slip.DONE_OR_NOT),
     ("服务★★★★★", Slip.DONE_OR_NOT), ("送册子●", Slip.NO_WORDS), ("●", Slip.NO_WORDS),
     ("买 1 +1 促销", Slip.NO_SUCH_ITEM), ("closed early", Slip.WHETHER), ("other brands sell", Slip.WHETHER),
     ("天气 很热", Slip.WHETHER), ("其他：涨价", Slip.WHETHER), ("天气不好没去", Slip.WHETHER), ("没去", Slip.WHETHER),
     ("打了电话没人接", Slip.WHETHER), ("电话 没打通", Slip.WHETHER)],
)  # fmt: skip
def test_what_may_mean_two_things_is_asked(line: str, slip: Slip) -> None:
    joint = "" if line.startswith("-") else " "
    assert slips(f"{P}{joint}{line}") == [(1, slip)]


@pytest.mark.parametrize("line", ["shop shut", "nobody there", "店主又不在", "人不在", "锁门", "停业"])
def test_more_words_for_nobody_there(line: str) -> None:
    found = shops(f"{M} {line}")["老王食杂"]
    assert (found.missed is not None, found.effect) == (True, None)


def test_a_reason_may_stand_on_the_line_below_the_code() -> None:
    assert shops(f"{M}\n关门")["老王食杂"].missed is MissReason.CLOSED
    assert slips(f"{M} 补货\n关门") == [(2, Slip.WHETHER)]
    assert effects(f"{M} 补货\n隔壁关门了") == {"老王食杂": "补货；隔壁关门了"}


def test_a_reason_with_more_behind_it_is_pointed_out() -> None:
    """不在，老板娘签收 reads as missed and may not have been."""
    assert shops(f"{M} 不在，老板娘签收")["老王食杂"].missed_yet_said
    assert not shops(f"{M} ✗不在，下午再去")["老王食杂"].missed_yet_said
    assert not shops(f"{M} 不在")["老王食杂"].missed_yet_said


@pytest.mark.parametrize(("typed", "done"), [("全部完成", (2, 3)), ("都完成了。", (2, 3)), ("价签 全完成", (2, 3))])
def test_all_done_in_words(typed: str, done: tuple[int, ...]) -> None:
    assert shops(f"{K} {typed}")["张记烟酒"].done == done


@pytest.mark.parametrize("star", ["⭐", "⭐\ufe0f", "🌟", "✅", "✔\ufe0f", "☑\ufe0f"])
def test_the_signs_a_phone_has_for_done(star: str) -> None:
    found = shops(f"{K}{star}2 补货")["张记烟酒"]
    assert (found.done, found.effect) == ((2,), "补货")


@pytest.mark.parametrize("cross", ["✖", "✖\ufe0f", "❎", "🚫", "❌"])
def test_the_signs_a_phone_has_for_missed(cross: str) -> None:
    assert shops(f"{M} {cross}关门")["老王食杂"].missed is MissReason.CLOSED
