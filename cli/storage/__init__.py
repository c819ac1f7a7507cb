"""What a store holds, how it grows, and what gives space back."""
