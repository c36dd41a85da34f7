"""What the detector sees, and what it leaves alone. The sentences that measure it are in `test_figures.py`."""

import pytest

from bot.domain.safety.detector import Kind, find, without

NAMES = [
    ("My student Marisol finally read a page aloud.", ["Marisol"]),
    ("My student June did well today.", ["June"]),
    ("I worried about a student named Grace.", ["Grace"]),
    ("A boy in my class named Omar hit another.", ["Omar"]),
    ("Marisol, one of my students, cried.", ["Marisol"]),
    ("Deshawn's mom called me about pickup.", ["Deshawn"]),
    ("One of my fourth graders, Nguyen, asked why.", ["Nguyen"]),
    ("My students Jamal, Aisha and Wei worked together.", ["Jamal", "Aisha", "Wei"]),
    ("Camila (8) drew a house.", ["Camila"]),
    ("Priya is a fifth grader.", ["Priya"]),
    ("8-year-old Liam ran off.", ["Liam"]),
    ("His brother Luis is in my class too.", ["Luis"]),
    ("My student Marisol cried. Later Marisol laughed.", ["Marisol", "Marisol"]),
    ("My student Ana Lucía de la Cruz read to us.", ["Ana Lucía de la Cruz"]),
    ("Mi alumno Tomás no quiso leer hoy.", ["Tomás"]),
    ("Mi alumno Domingo no quiso leer hoy.", ["Domingo"]),
    ("La mamá de Mateo vino a la junta.", ["Mateo"]),
    ("Un niño de mi grupo que se llama Kevin llora.", ["Kevin"]),
    ("Mi alumna de cuarto grado, Camila, mejoró.", ["Camila"]),
    ("Iker, un niño de tercero, se escapó.", ["Iker"]),
]
OTHERS = [
    ("Her student ID is 1045229.", Kind.ID, "1045229"),
    ("Su matrícula es A20231234.", Kind.ID, "A20231234"),
    ("SSN 078-05-1120 was on the form.", Kind.ID, "078-05-1120"),
    ("She was born on May 3, 2015.", Kind.BIRTH_DATE, "May 3, 2015"),
    ("DOB: 5/3/2015", Kind.BIRTH_DATE, "5/3/2015"),
    ("Nació el 3 de mayo de 2015.", Kind.BIRTH_DATE, "3 de mayo de 2015"),
    ("Write to ana.perez@example.org.", Kind.EMAIL, "ana.perez@example.org"),
    ("Call 555-234-1234 after six.", Kind.PHONE, "555-234-1234"),
    ("Llama al +52 55 1234 5678.", Kind.PHONE, "+52 55 1234 5678"),
    ("The only Somali girl in third grade sits alone.", Kind.SMALL_GROUP, "The only Somali girl"),
    ("One of our two deaf students left.", Kind.SMALL_GROUP, "One of our two deaf students"),
    ("La única niña somalí de tercero está sola.", Kind.SMALL_GROUP, "La única niña somalí"),
]
CLEAN = [
    "In June we met with Grace and Ms. Rivera.",
    "Grace gave the kids June off.",
    "Our principal Dana wants more structure.",
    "The students in June were tired.",
    "Student Council met Monday.",
    "Helping Students Find Their Voice in Middle School",
    "Kids I teach love Zoom.",
    "Join with Zoom meeting ID 845 2234 1123.",
    "The girls at Lincoln Elementary built bridges.",
    "This is the only student who answered.",
    "Ms. Chen’s students built a bridge.",
    "Reading in third grade got better.",
    "Maria, our coordinator, asked her students to draw.",
    "Recently, my students, all of them, slept.",
    "Circle 7",
    "We meet in Room 8.",
    "Grace period for forms ends in May.",
    "We meet on 5/3/2027 at 4:00 PM in Room 1204.",
    "En junio los estudiantes estaban cansados.",
    "Los chicos de Guadalupe llegaron tarde.",
    "Los alumnos de la maestra Carmen leen.",
    "El director Ramírez nos visitó.",
]


@pytest.mark.parametrize(("text", "names"), NAMES)
def test_name_beside_a_role_is_found(text: str, names: list[str]) -> None:
    assert [(text[span.start : span.end], span.kind) for span in find(text)] == [(name, Kind.NAME) for name in names]


@pytest.mark.parametrize(("text", "kind", "seen"), OTHERS)
def test_other_details_are_found(text: str, kind: Kind, seen: str) -> None:
    assert [(text[span.start : span.end], span.kind) for span in find(text)] == [(seen, kind)]


@pytest.mark.parametrize("text", CLEAN)
def test_months_colleagues_places_and_titles_are_left_alone(text: str) -> None:
    assert find(text) == ()


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("My student  Marisol cried.", "My student cried."),
        ("My student Marisol cried. Later Marisol laughed.", "My student cried. Later a student laughed."),
        ("A boy in my class named Omar hit me.", "A boy in my class hit me."),
        ("Deshawn's mom called.", "A student's mom called."),
        ("My students Jamal, Aisha and Wei worked.", "My students worked."),
        ("Mi alumno Tomás leyó.", "Mi alumno leyó."),
        ("La mamá de Mateo vino.", "La mamá de un estudiante vino."),
        ("The only Somali girl in third grade sits alone.", "A student in third grade sits alone."),
        ("La única niña somalí llora.", "Un estudiante llora."),
        ("Her student ID is 1045229.", "Her student ID is (left out)."),
        ("Nació el 3 de mayo de 2015.", "Nació el (omitido)."),
    ],
)
def test_words_without_the_details_still_read_well(text: str, replaced: str) -> None:
    assert without(text) == replaced
    assert find(replaced) == ()


@pytest.mark.parametrize(
    "text", ["", " ", "’s", "student", "Student", "@", "1" * 4_000, "A " * 2_000, "student, " * 400]
)
def test_anything_typed_is_read(text: str) -> None:
    assert find(text) == ()
