"""Promises to pay: made, moved, changed, cancelled."""
