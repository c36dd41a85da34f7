"""How facilitators sort topics: add one without a vote, merge two, separate them, write notes, reuse last year’s."""
