"""Words of harm: to oneself, of abuse, of violence. English and Spanish.

They are looked for only to show their writer whom they can turn to. Nothing is concluded from them: a training about
suicide prevention has the same words.
"""

import re

SELF = r"(?:myself|himself|herself|themsel(?:f|ves)|yourself)"
SOMEBODY = r"(?:me|him|her|them|us|his \w+|her \w+)"
ENGLISH = (
    rf"kill(?:s|ed|ing)? {SELF}",
    r"suicid\w+",
    r"end(?:s|ed|ing)? (?:my|his|her|their) (?:own )?li(?:fe|ves)",
    r"(?:want|wants|wanted|wish|wishes|wished) to die|want to be dead|better off dead",
    r"self[- ]harm\w*|self[- ]injur\w+",
    rf"(?:hurt|hurts|hurting|harm|harms|harming|cut|cuts|cutting) {SELF}",
    r"(?:sexual|sexually|child|physical|physically|domestic) (?:abuse|abused|assault|assaulted|violence)",
    rf"abus(?:es|ed|ing) {SOMEBODY}|(?:is|was|were|being|been) (?:abused|molested|raped|beaten|trafficked)",
    r"molest(?:s|ed|ing)|raped?",
    rf"(?:beats|hits|chokes|punches) {SOMEBODY}",
    r"threaten(?:s|ed|ing)? to (?:kill|shoot|stab|hurt)|(?:bring|brings|brought) a (?:gun|knife|weapon)",
    r"(?:afraid|scared) (?:to go|of going) home|overdos\w+",
)
SPANISH = (
    r"suicid\w+",
    r"matar(?:se|me)|quitar(?:se|me) la vida",
    r"(?:quiero|quiere|quería|quisiera) morir(?:me|se)?|me quiero morir|se quiere morir",
    r"autolesi\w+|hacer(?:se|me) daño|se hace daño",
    r"se (?:corta|cortaba|está cortando) (?:los|las)",
    r"abus(?:o|os) (?:sexual|sexuales|infantil)|abus(?:a|an|ó|aba|aron) de (?:él|ella|ellos|ellas|mí|su|sus)",
    r"(?:la|lo|me|los|las) (?:golpea|golpean|golpeaba|golpeó|golpearon|viol[óa]|violaron|maltratan?)",
    r"(?:le|les|me) pegan?",
    r"maltrato (?:infantil|en casa)|violencia (?:doméstica|familiar|intrafamiliar|sexual|en casa)",
    r"amenaz\w+ con matar\w*|(?:trajo|traer|llevar) (?:un arma|una pistola|un cuchillo)",
    r"miedo (?:de|a) (?:volver|regresar|ir) a (?:su )?casa|sobredosis",
)
HARM = re.compile(r"\b(?:" + "|".join((*ENGLISH, *SPANISH)) + r")(?!\w)", re.IGNORECASE)


def has_words_of_harm(text: str) -> bool:
    return HARM.search(" ".join(text.split())) is not None
