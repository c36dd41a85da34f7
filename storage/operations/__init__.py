"""What the bot keeps of its own work: audit, incidents, health, backups."""
