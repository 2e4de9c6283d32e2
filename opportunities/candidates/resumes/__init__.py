"""CVs in: read by bounded readers, previewed, and nothing kept in secret."""
