"""Price lists, reservations and sales orders: from the agreed deal to what is delivered."""
