"""Tips: one short piece of advice a day, for everybody who is signed in."""
