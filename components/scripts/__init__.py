"""Programs that run in containers, on clients and beside Pulumi; none of them is imported by the program."""
