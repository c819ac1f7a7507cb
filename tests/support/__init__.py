"""What tests need of this machine beside the store's own tools."""
