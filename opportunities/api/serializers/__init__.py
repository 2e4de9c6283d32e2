"""Shapes of the marketplace API: plain serializers for inputs, model serializers for answers."""
