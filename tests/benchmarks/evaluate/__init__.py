"""Judge rankings on markets whose truth is known: ``make evaluate``.

``published`` reproduces figures of others, ``seasons`` draws markets whose true wishes do not
follow our formulas, ``policies`` ranks them in different ways, ``playing`` lets people read, apply
and be chosen, ``trials`` repeats that, ``rounds`` compares ways to allot places, ``stacks`` shows
who should plan what, ``offers`` holds chances that are told against what happened.
"""
