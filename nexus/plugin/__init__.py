"""How Pulumi starts the provider if it is not attached to a running one."""
