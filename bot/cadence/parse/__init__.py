"""Reads phrases such as "second Wednesday at 6 pm" into rules, in English and Spanish.

A phrase is cleaned (`tokens.clean`), its idioms are replaced (`languages`), and it is cut into words with one-letter
signs (`lexer`), of which those of a time or a date become one (`times.fold`, `dates.fold`). The grammar cuts the words
into clauses in every possible way (`grammar.covers`): days, season, start, end, exceptions. Each way gives a rule; two
different rules are a question, and none is a refusal (`parser`).
"""
