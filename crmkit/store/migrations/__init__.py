"""Forward, frozen, atomic: each file is one step of the schema and is never edited once released."""
