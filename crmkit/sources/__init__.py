"""Files in: bytes become rows, policies, calendars."""
