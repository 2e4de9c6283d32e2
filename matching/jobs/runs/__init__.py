"""Compute everything anew: freeze, price, rank in parts, publish by moving one pointer.

Every step commits only where the run still waits for it, so a step may run twice, late, or beside
itself; and each holds an advisory lock while it works, so that the sweep sees what nobody does.
"""
