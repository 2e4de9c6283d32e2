"""Break everything that matching stands on while people edit, and count what is lost."""
