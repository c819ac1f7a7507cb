"""Pulumi and its plugins, built from Go modules."""
