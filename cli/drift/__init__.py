"""Reports drift to a webhook."""
