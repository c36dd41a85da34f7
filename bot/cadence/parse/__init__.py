"""Reads phrases such as "second Wednesday at 6 pm" into rules, in English and Spanish.

A phrase is cleaned (`tokens.clean`), its idioms are replaced (`languages`), and it is cut into words with one-letter
signs (`lexer`). Regular expressions over these signs then take out the time, the exceptions, the season and the days.
"""
