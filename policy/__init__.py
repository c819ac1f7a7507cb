"""The rules of the store as a Pulumi policy pack; what each stack makes of them stands in levels/."""
