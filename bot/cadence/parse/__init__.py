"""Reading a phrase such as "second Wednesday at 6 pm" into a rule, in English and Spanish."""
