"""Topics for agendas, and votes on them."""
