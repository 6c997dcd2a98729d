"""What the business believes: pure functions over values."""
