"""Who is logged in, by what, and what they may see."""
