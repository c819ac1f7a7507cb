"""Builds Pulumi, its plugins and the store's images on machines that can only reach package registries."""
