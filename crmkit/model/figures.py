"""What SQL counted. Volumes are thousandths of a carton 条 (or of the sales unit), amounts minor units (fen)."""

from dataclasses import dataclass

VOLUME_SCALE = 1000
AMOUNT_SCALE = 100


@dataclass(frozen=True, slots=True)
class CustomerMonth:
    """One customer's orders in one month. Returns count negative in their month.

    `ordered_limited` and `allowed` sum only lines that carry an allowed quantity 可订量; both 0 when none does.
    `products` and `key_products` count products with a positive net volume.
    """

    customer: int
    volume: int = 0
    amount: int = 0
    orders: int = 0
    products: int = 0
    key_products: int = 0
    key_volume: int = 0
    ordered_limited: int = 0
    allowed: int = 0


@dataclass(frozen=True, slots=True)
class ProductMonth:
    """One customer's net volume of one product in one month."""

    customer: int
    product: int
    volume: int
