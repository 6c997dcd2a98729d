"""The only room that speaks SQL; it never decides."""
