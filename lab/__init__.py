"""What replaces the outside world where only package registries answer: Pulumi, its plugins, and the store's images."""
