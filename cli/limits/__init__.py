"""How much of what the Community Edition grants a store has used."""
