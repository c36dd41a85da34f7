"""The composition root: builds a running process out of settings, adapters, scheduler and bot."""
