"""Pulumi's engine events while it runs, and how they are shown."""
