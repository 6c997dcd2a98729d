"""crmkit: the month of a field customer manager in one SQLite file."""

__version__ = "0.1.0"
