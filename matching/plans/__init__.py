"""Plans that candidates take on: keep one with all that it needs, remind of it, let it go."""
