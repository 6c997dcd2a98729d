"""One file per paper: a value of the domain becomes a page."""
