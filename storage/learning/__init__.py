"""What people reflect on between meetings."""
