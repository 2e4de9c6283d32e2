"""What every program of the arena loads first: a fork server imports it once for all of them."""

import gc

import django

from config import forking

django.setup()
forking.load()
gc.collect()
gc.freeze()
