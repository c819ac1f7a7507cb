"""The rules of the store as a Pulumi policy pack; how each stack applies them is in levels/."""
