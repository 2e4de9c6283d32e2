"""Places that know where they are: cities with coordinates, and what people type of them.

``gazetteer`` holds the cities of GeoNames, ``resolving`` reads words as cities and divisions,
``areas`` reads what a candidate reaches, and ``form_field`` asks which of several is meant.
"""
