"""What crosses the border of `flows`: facts and events in, effects out. Values only."""
