"""What an invented customer manager wrote down on invented visits."""

EFFECTS: tuple[str, ...] = (
    "补了两条，陈列整理好了",
    "店主说最近走得慢，周末再看",
    "价签换新，明码标价到位",
    "讲了新品，答应试两条",
    "库存核对一致",
    "帮他在网上订了一次，下次自己来",
)
OPINIONS: tuple[str, ...] = ("希望送货早半小时", "热销规格不够分", "想要一张新的价目表")
EFFORT_OF_TEN = 9  # of ten planned visits so many are made
