"""A stand-in Twilio: the real REST paths, signed callbacks, errors by magic number."""
