"""One file a KPI: its statement says what is counted."""
