"""What protects people: vulnerability, disputes, complaints, privacy, insults, a person to talk to."""
