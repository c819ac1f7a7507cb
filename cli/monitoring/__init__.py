"""What Prometheus needs to monitor a store, and the metrics that Nexus itself does not export."""
