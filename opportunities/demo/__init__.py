"""The demo market: invented employers, roles, people and problems, the same on every machine.

The modules of content hold words and facts only; ``seeding`` turns them into rows.
"""
