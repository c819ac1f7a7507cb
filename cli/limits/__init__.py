"""How much of the Community Edition's limits a store has used."""
