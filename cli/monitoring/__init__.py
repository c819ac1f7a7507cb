"""What a Prometheus needs to watch a store, and the facts that Nexus tells no Prometheus."""
