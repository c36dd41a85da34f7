"""The words that the detector looks for, in English and Spanish, in lower case."""


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Who is spoken of as a minor. A name beside one of these is taken for a minor's.
ROLES = _set(
    """
    student students pupil pupils kid kids child children boy boys girl girls learner learners scholar scholars
    youth youths teen teens teenager teenagers camper campers grader graders kindergartner kindergartners
    kindergartener kindergarteners preschooler preschoolers toddler toddlers mentee mentees tutee tutees freshman
    freshmen sophomore sophomores minor minors youngster youngsters schoolboy schoolgirl son sons daughter daughters
    niece nephew grandson granddaughter grandchild stepson stepdaughter twins baby alumno alumna alumnos alumnas
    estudiante estudiantes niño niña niños niñas nene nena nenes nenas chico chica chicos chicas muchacho muchacha
    muchachos muchachas muchachito muchachita chiquillo chiquilla chamaco chamaca chavo chava joven jóvenes
    jovencito jovencita adolescente adolescentes menor menores pupilo pupila escolar escolares párvulo párvula hijo
    hija hijos hijas sobrino sobrina nieto nieta hermanito hermanita gemelos gemelas mellizos mellizas participant
    participants participante participantes campista campistas aprendiz aprendices mentorado mentorada mentorados
    mentoradas newcomer newcomers tutorado tutorada bebé peque pequeño pequeña alumnito alumnita niñito niñita
    preescolar
    """
)
# Siblings are minors when they are those of somebody else: "her brother Luis".
SIBLINGS = _set(
    """
    brother sister brothers sisters sibling siblings cousin hermano hermana hermanos primo prima
    """
)
OF_ANOTHER = _set("his her their su sus little younger older big student’s kid’s child’s")
# Those in whose company a name is a minor's: "Mateo’s mom", "la mamá de Mateo".
FAMILY = _set(
    """
    mom mother mum mama mommy dad father papa parent parents grandma grandmother grandpa grandfather guardian
    guardians caregiver caregivers stepmom stepdad foster family iep homework tantrum tantrums meltdown meltdowns
    mamá madre papá padre mami papi padres papás mamás abuela abuelo abuelita abuelito tutor tutora
    """
)
NAMED = _set("named called llamado llamada llamados llamadas nombrado nombrada")
# Between a role and the name there may be a phrase that starts with one of these: "my student in third grade, Omar".
PHRASE = _set("in from of with at on who de del con en nuevo nueva new que")
# The work of somebody who may be a minor, when it stands right after a role: "our teen volunteer Chidi".
HELPERS = _set("volunteer leader intern helper assistant ambassador voluntario voluntaria líder")
ARTICLES = _set("a an my one un una mi our the el la nuestra nuestro")
IS = _set("is was es era fue son are were")
AND = _set("and y e & or o u")
PARTICLES = _set("de del la las los da do dos van von der al el bin ibn")
TITLES = _set(
    """
    mr mrs ms miss mx dr prof professor coach principal director sir madam teacher sr sra srta señor señora señorita
    profe profesor profesora maestro maestra directora doctor doctora don doña rev pastor father sister
    """
)
# Grown-up roles: a name beside one of these is a colleague's, and no minor's.
COLLEAGUES = _set(
    """
    principal director colleague coworker co-worker coach teacher facilitator counselor coordinator supervisor staff
    volunteer assistant aide tutor mentor manager superintendent librarian nurse therapist partner boss friend
    instructor consultant specialist leader organizer directora colega compañero compañera maestro maestra profesor
    profesora facilitador facilitadora consejero consejera coordinador coordinadora supervisor supervisora
    voluntario voluntaria asistente mentora enfermera jefe jefa amigo amiga bibliotecaria especialista líder
    orientador orientadora
    """
)
# Given names that are as often a month, a virtue, a place or a verb. They need a role word right before them.
AMBIGUOUS = _set(
    """
    june april may august january march grace hope faith joy rose lily daisy violet summer autumn dawn sky will mark
    bill chase art paris jordan chelsea austin dallas sydney virginia georgia charlotte florence victoria brooklyn
    madison savannah carolina dakota trinity destiny justice patience charity mercy chance drew grant jack pat rich
    frank miles sunny star angel abril julio domingo consuelo mercedes esperanza paz luz sol gracia rosario pilar
    dolores socorro concepción milagros santiago córdoba israel américa marina rosa alba aurora fe caridad ángel
    cruz
    """
)
# With a capital, and no name: what follows a role in titles, days, months, languages, subjects, products.
NOT_NAMES = _set(
    """
    i i’m i’d i’ll i’ve monday tuesday wednesday thursday friday saturday sunday lunes martes miércoles jueves
    viernes sábado february july september october november december enero febrero marzo mayo junio agosto
    septiembre octubre noviembre diciembre christmas halloween thanksgiving ramadan easter hanukkah eid diwali
    navidad english spanish french math maths science history reading writing music stem steam español inglés
    matemáticas latino latina latinx latine hispanic black white asian african american native indigenous somali
    hmong mexican chinese arabic muslim christian jewish catholic haitian guatemalan honduran vietnamese korean
    russian ukrainian google zoom slack discord chromebook ipad canvas classroom youtube tiktok instagram minecraft
    lego roblox kahoot scratch seesaw padlet duolingo khan ell esl ell’s iep council union services service success
    support handbook portal center centre government affairs body life leadership advisory care day development
    voice choice agency engagement work learning data achievement outcomes attendance behavior mental health
    wellness safety portfolio showcase led centered survey survey’s conference teaching teacher teachers growth
    belonging identity ownership club board program protective participation interest interests needs discipline
    culture progress records rights assessment assessments who what when where why how that this these those the a
    an and or but so if they he she we you it my our his her their is are was were can could should would has have
    had do does did not no yes please thanks also then there here all some many most after before during in on at
    for from with to of as by today tomorrow yesterday el la los las un una unos unas y o pero que quien cuando
    donde como si no sí ya yo tú él ella nosotros ellos ustedes es son fue está están hay hoy mañana ayer gracias
    también después antes en con de del al por para su sus mi nuestro nuestra consejo centro gobierno one two three
    uno dos tres each every another other both several few any nobody everyone everybody somebody someone nadie
    alguien todos cada otro otra well still instead however once first second third last next oh ok okay hey hello
    hi hola además ahora pues bueno aunque mientras siempre nunca luego entonces anoche question tip idea note goal
    win challenge reto meta logro pregunta team equipo dear querido querida welcome bienvenidos topic tema lunch
    snack recess pickup dismissal
    """
)
# Endings of words that are no names, where a capital only tells that a sentence starts.
NOT_NAME_ENDINGS = (
    "ly",
    "ing",
    "tion",
    "sion",
    "ness",
    "ment",
    "ance",
    "ence",
    "ity",
    "ción",
    "sión",
    "mente",
    "dad",
    "tad",
)
# After a name they make it that of a place or an organization: "Lincoln Elementary".
PLACES = _set(
    """
    school elementary middle high center centre club street avenue program academy county foundation park city
    library university college museum institute district hall road center’s community network project initiative gym
    escuela primaria secundaria colegio centro club calle programa academia fundación parque ciudad biblioteca
    universidad museo distrito
    """
)
MONTHS = (
    "january|february|march|april|may|june|july|august|september|october|november|december|"
    "jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|"
    "enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep?tiembre|octubre|noviembre|diciembre"
)
# What makes a few of a kind recognizable: a people, a religion, a disability, a way to live.
GROUPS = _set(
    """
    somali hmong mexican chinese arab arabic muslim christian jewish catholic haitian guatemalan honduran vietnamese
    korean russian ukrainian black white asian african latino latina hispanic native indigenous syrian afghan iraqi
    indian pakistani filipino filipina nigerian ethiopian eritrean kurdish turkish brazilian cuban dominican
    salvadoran colombian venezuelan peruvian japanese burmese karen nepali navajo sikh hindu buddhist trans
    transgender nonbinary gay lesbian queer deaf blind autistic disabled dyslexic diabetic epileptic pregnant
    homeless undocumented refugee immigrant foster adopted orphaned gifted hearing-impaired deafblind bilingual
    arabic-speaking somalí somalíes mexicano mexicana chino china árabe musulmán musulmana musulmanes judío judía
    haitiano haitiana haitianos guatemalteco guatemalteca guatemaltecos guatemaltecas hondureño hondureña hondureños
    hondureñas vietnamita coreano coreana ruso rusa ucraniano ucraniana ucranianos negro negra negros asiático
    asiática africano africana indígena indígenas sirio siria sirios afgano afgana afganos cubano cubana dominicano
    dominicana salvadoreño salvadoreña salvadoreños colombiano colombiana venezolano venezolana venezolanos peruano
    peruana marroquí marroquíes gitano gitana rumano rumana boliviano boliviana ecuatoriano ecuatoriana maya mayas
    quechua trans gay lesbiana sordo sorda sordos sordas ciego ciega autista autistas discapacitado discapacitada
    disléxico disléxica diabético diabética embarazada refugiado refugiada refugiados refugiadas inmigrante
    inmigrantes migrante adoptado adoptada huérfano huérfana
    """
)
# The same, said in more than one word.
CIRCUMSTANCES = (
    r"(?:in|from) (?:foster care|a (?:homeless )?shelter|a wheelchair)|with (?:autism|down syndrome|disabilities|"
    r"a disability|an? (?:iep|aide|hearing aids?|wheelchair|stutter))|in wheelchairs|en (?:acogida"
    r"|silla de ruedas|un albergue)|"
    r"con (?:autismo|discapacidad|síndrome de down|muletas)|recién llegad[oa]s?"
)
# Mailboxes of organizations, not of people.
OFFICES = _set(
    """
    support help helpdesk info office admin contact hello team noreply no-reply press sales service registration
    events soporte ayuda oficina contacto informes equipo hola prensa ventas inscripciones
    """
)
SPANISH = _set(
    """
    el la los las un una unos unas mi mis tu su sus nuestro nuestra de del que y en con por para es está fue se le
    lo no más pero cuando como muy hoy ayer alumno alumna niño niña estudiante grado llama nació
    """
)
ENGLISH = _set(
    """
    the a an my our your his her their of and in with for is was were be to that this it she he they on at from who
    when about more but very today student kid girl boy child grade named born
    """
)
