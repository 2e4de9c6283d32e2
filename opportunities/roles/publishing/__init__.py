"""What employers do with roles: draft, submit, amend, keep alive, close, answer questions.

Every function locks the row, asks whether the actor may, whether the state allows it, writes,
records and announces; or it raises one of ``opportunities.core.errors``.
"""
