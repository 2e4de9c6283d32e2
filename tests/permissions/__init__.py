"""Who is answered what: every address, by everybody, in every state of what it names."""
