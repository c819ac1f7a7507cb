"""Prepares the machine for a deployment: Docker engine, Pulumi, images that are built here."""
