"""What must hold for an act, by the object that it is on: each row of `flows/acts/table.py`."""
