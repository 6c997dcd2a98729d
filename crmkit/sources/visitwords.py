"""Words people type for the ways of a visit and for why one did not take place, in both languages."""

from collections.abc import Mapping

from crmkit.model.customer import VisitMethod
from crmkit.model.visit import MissReason

METHODS: Mapping[VisitMethod, str] = {
    VisitMethod.ONSITE: "实地 上门 on-site shop",
    VisitMethod.PHONE: "电话 打电话 打了电话 电话拜访 电话联系 电话沟通",
    VisitMethod.WECHAT: "微信 发微信 发了微信 微信联系 微信拜访",
    VisitMethod.ONLINE: "网络 线上",
    VisitMethod.MEETING: "集中",
}
MISS_PHRASES: Mapping[MissReason, tuple[str, ...]] = {  # as the paper says them, where that is more than one word
    MissReason.CLOSED: ("shop shut",),
    MissReason.OWNER_AWAY: ("owner away", "nobody there", "no one there", "nobody home"),
    MissReason.MEETING: ("in a meeting",),
    MissReason.REFUSED: ("visit refused",),
    MissReason.OTHER: ("other reason",),
}
MISSES: Mapping[MissReason, str] = {
    MissReason.CLOSED: "关门 关着门 未开门 没开门 店铺关门 锁门 锁着门 门锁着 停业 没营业 未营业 shut",
    MissReason.OWNER_AWAY: "店主不在 老板不在 不在 老板今天不在 店主今天不在 老板又不在 店主又不在 "
    "人不在 人不在店 老板出门 店主出门 没人 店里没人 无人 owner-away away",
    MissReason.WEATHER: "天气",
    MissReason.MEETING: "会议 开会",
    MissReason.REFUSED: "拒访 拒绝",
    MissReason.OTHER: "其他 其它 其他原因",
}
