"""Whether, when and where somebody may be written to."""
