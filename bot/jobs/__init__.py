"""Who runs due work, and when."""
