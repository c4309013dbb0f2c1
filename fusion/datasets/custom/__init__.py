"""One's own recordings: what folders and tables have in common."""
