"""Results become pages, pages become formats; nothing is computed here."""
