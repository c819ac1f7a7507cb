"""Snapshots of a store's data volume."""
