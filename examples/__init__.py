"""Systems next to Acuerdo, small enough to be read."""
