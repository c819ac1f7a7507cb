"""What a store holds, how it grows, and which tasks free space."""
