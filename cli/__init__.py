"""What a person types: the commands of ./store, over Pulumi, Docker and the stack files."""
