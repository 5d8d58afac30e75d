"""What policy allows beyond a promise: plans, settlements, extensions, and what helps who cannot pay."""
