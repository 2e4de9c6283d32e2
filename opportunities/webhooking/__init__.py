"""Webhooks by Standard Webhooks 1.0: endpoints, safe addresses, signed and repeated delivery."""
