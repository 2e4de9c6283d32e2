"""What every address of the API promises, whatever it is about.

``gate`` is the middleware that all requests under ``/api/v1/`` pass; the other modules are its
parts, and those that Django REST framework calls by name from the settings.
"""
