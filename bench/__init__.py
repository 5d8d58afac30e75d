"""What is measured, against its floor, in one run."""
