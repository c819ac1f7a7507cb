"""Pulumi's provider protocol: it serves the provider to an engine that attaches to it or starts it."""
