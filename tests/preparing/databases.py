"""Migrate one database, and copy it for every worker that has none: eight seconds to migrate."""

import sys

import django
from django.db import connection

if __name__ == "__main__":
    django.setup()
    connection.creation.create_test_db(verbosity=0, autoclobber=True, keepdb=True)
    for number in range(int(sys.argv[1])):
        connection.creation.clone_test_db(suffix=f"gw{number}", verbosity=0, keepdb=True)
