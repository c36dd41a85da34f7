"""Rounds and answers, prompts, reflections, commitments and takeaways."""
