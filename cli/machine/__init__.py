"""What the machine must have before a stack can be deployed: engine, Pulumi, images."""
