"""Words people type for the ways of a visit and for why one did not take place, in both languages."""

from collections.abc import Mapping

from crmkit.model.customer import VisitMethod
from crmkit.model.visit import MissReason

METHODS: Mapping[VisitMethod, str] = {
    VisitMethod.ONSITE: "实地 上门 on-site shop",
    VisitMethod.PHONE: "电话",
    VisitMethod.WECHAT: "微信",
    VisitMethod.ONLINE: "网络 线上",
    VisitMethod.MEETING: "集中",
}
MISSES: Mapping[MissReason, str] = {
    MissReason.CLOSED: "关门 未开门 没开门 店铺关门 shut",
    MissReason.OWNER_AWAY: "店主不在 老板不在 不在 owner-away away",
    MissReason.WEATHER: "天气",
    MissReason.MEETING: "会议 开会",
    MissReason.REFUSED: "拒访 拒绝",
    MissReason.OTHER: "其他 其它 其他原因",
}
