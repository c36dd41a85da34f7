"""What kind of meeting it is: how it is prepared, who takes what on, and with which other communities it is held."""
