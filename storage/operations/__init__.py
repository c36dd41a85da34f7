"""The bot's own work: audit log, incidents, drafts, idempotency keys, health, backups."""
