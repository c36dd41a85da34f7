"""Reflection prompts: one question a fortnight that is worth a few minutes' thought."""
