"""What touches the world, one folder per concern."""
