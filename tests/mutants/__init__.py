"""Small faults put into the product one at a time, to see that the tests notice each of them.

``python -m tests.mutants`` (``make mutants``) runs them and writes ``docs/mutants.md``.
"""
