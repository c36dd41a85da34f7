"""Words that say little about what people talk about, in each language in which themes can be found.

They are in lower case and without accents. Of `everyday` words one form is enough where the stemmer makes them alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class CommonWords:
    """The words of one language.

    `fillers` hold a sentence together or say how something is meant. A phrase neither begins nor ends with one.
    `links` are the fillers that may stand inside a phrase, as in “phones in a basket”.
    `leads` turn or limit what follows, as in “no shade”, “too loud”, “after lunch”: they may begin a phrase.
    `everyday` words are a theme only as a part of a phrase: everybody here speaks of children, and of the week. Other
    forms of fillers count as everyday too.
    """

    fillers: frozenset[str]
    links: frozenset[str]
    leads: frozenset[str]
    everyday: frozenset[str]


def _words(*texts: str) -> frozenset[str]:
    return frozenset(" ".join(texts).split())


_ENGLISH_LINKS = "a an and at by for from in my of on or our the their to with your"
_ENGLISH_LEADS = "after before no not too without"
_ENGLISH_FILLERS = """
about above across actually again ago ah all almost alone along already alright also although always am among amp
another any anybody anymore anyone anything anyway anywhere apparently are aren't around as aside ask asked asking
asks away back basically be became because become becomes been being below besides between both bring bringing brings
brought but came can can't cannot certain certainly clearly come comes coming completely could couldn't course
currently definitely despite did didn't do does doesn't doing don't done down during each either else enough
especially etc even ever every everybody everyone everything everywhere exactly except fairly feel feeling feels felt
few fewer figure finally find finding finds first five found four frankly fully further gave generally get gets
getting give given gives giving go goes going gone gonna got gotta gotten guess guys had hadn't haha happen happened
happening happens hardly has hasn't have haven't having he he's hello help helped helping helps hence her here here's
hers herself hey hi him himself his hm hmm honest honestly hope hopefully hoping how however i i'd i'll i'm i've idk
if imo indeed instead into is isn't it it'd it'll it's its itself just keep keeping keeps kept kind kinda knew know
knowing known knows largely last lately later least less let let's lets like liked likely likes literally little lmao
lol look looked looking looks lot lots love loved made mainly make makes making many may maybe me mean means meant
meanwhile merely might mine more most mostly much must myself namely near nearly need needed needing needs neither
never next nice nobody none nope nor normally nothing now obviously off often oh ok okay omg once one ones only onto
other others otherwise ought ours ourselves out over overall own particularly perhaps personally please pls possibly
pretty probably put puts putting quite rather really recently regarding right said same saw say saying says second see
seeing seem seemed seems seen several shall she she's should shouldn't show showed shows simply since six so some
somebody somehow someone something sometimes somewhat somewhere soon sorry sort speaking start started starting starts
still stop stopped stops stuff such suddenly sure surely take taken takes taking talk talked talking tbh tell telling
tells ten than thank thanks that that'd that's theirs them themselves then there there's therefore these they they'd
they'll they're they've thing things think thinking thinks this those though thought three through throughout thus
till time times today together told tomorrow took totally toward towards tried tries true truly truth try trying turn
turned turns twice two u under unfortunately unless until up upon ur us use used uses using usually various very via
want wanted wanting wants was wasn't way ways we we'd we'll we're we've well went were weren't what what's whatever
when whenever where whereas wherever whether which while who who's whoever whole whom whose why will wish within won't
wonder worked works would wouldn't wow x yeah yep yes yesterday yet you you'd you'll you're you've yourself yourselves
yup
"""
_ENGLISH_EVERYDAY = """
able absolute activity add address adult afternoon age agree amaze amazing amount announce answer answered april area
arrive ate attend attention august aunt autumn awesome bad beautiful began begin begun behave believe best better big
bit body bother bottom boy break broke broken brother built bunch busy call calm care case cause challenge chance
change check child children choice chose chosen class clear close coach colleague common community complete content
cool coordinator correct couple crazy cut dad daily day deal december decide decision different difficult director
district double downstairs drive drop drove dude early easier easy eat effort end enjoy entire evening event example
excellent excited exciting expect experience extra eye face fact fall family fantastic fast father fault favorite
february feedback fell fine finish fix focus folk follow forget forgot forgotten forward free friday friend front full
fun funny future general girl goal good grandma grandpa great ground group grown guardian guy half hand handle happy
hard harder hate head hear heart held high hit hold home hour house hr hrs huge human hundred hurt idea ignore imagine
important improve include indoor inside interest invite issue item january job join joke july june keen kick kid kiddo
kindergartner knock lady large late laugh lead leader learn leave led left level life line list listen live local long
longer lose lost luck mad main major man manage march matter meet member men mention mess met min mind mins minute
miss mom moment monday month mood morning mother move mum name nature neck new night noon normal note notice november
number object october offer offered office old older open opportunity option order outdoor outside page paid pair
parent part participant past path pay peer people perfect person phase pick piece place plan play plus point positive
possible practice prepare present previous problem process program progress project proud pull push question quick
quiet ran reach read ready real reason recent relate relax remember remind reply report require rest result return
room run sad sat saturday save scene school season self send sense sent separate september serve session set share
short shut side simple sing single sister sit site situation size slept slow small smile smooth sold solve solved son
soul sound special specific spend spent split spoke spot spring staff staffer stand state stay step stick stood story
strong stuck student style subject success suggest sum summer sunday sung super support surprise surprised surprising
swim system task taught teach teacher team teen tend term terrible theme third thousand throw thursday tip tired title
top topic total touch tough town travel treat trick trouble tuesday type understand understood update upset upstairs
useful usual view visit voice volunteer wait walk warm watch wear wednesday week weekend weird win winter woke woman
women won wonderful word wore work worker world worry worse worst worth write written wrong wrote year young younger
youth
"""

_SPANISH_LINKS = "a al con de del el en la las lo los mi mis para por su sus un una y"
_SPANISH_LEADS = "demasiada demasiadas demasiado demasiados no sin"
_SPANISH_FILLERS = """
abrazo abrazos acaba acabo ademas ahi ahora algo alguien algun alguna algunas alguno algunos alla alli anda andan ando
ante antes apenas aquel aquella aquello aquellos aqui asi aun aunque ay ayer ayuda ayudan ayudo bastante bien buena
buenas bueno buenos cada cae caen caigo casi cayo cien cierra cierran cierro cierto cinco claro como conmigo consigo
consigue contra cosa cosas cree creen creia creiamos creo cual cuales cualquier cuando cuanta cuantas cuanto cuantos
cuatro cuenta cuentan cuento da dan dando dar das debe debemos deben deberia deberiamos deberian debo decia decian
decimos decir deja dejan dejar dejo demas dentro desde despues dia dias dice dicen dices dicho diez digamos digan digo
dijeron dijo diria disculpa disculpen doce donde dos doy duerme duermo durante e ella ellas ello ellos empece empezar
empezo empieza empiezan encima encuentra encuentran encuentro entiende entienden entiendo entonces entre era eramos
eran eras eres es esa esas ese eso esos esta estaba estaban estado estais estamos estan estar estara estaria estas
este esto estos estoy estuve estuvo etc falta faltan favor felicidades fin fue fuera fueron fui fuimos gente gracias
gusta gustan gustaria gusto ha habeis haber habia habian hablar habra hace haceis hacemos hacen hacer haces hacia
haciendo haga hagan hago han haria has hasta hay haya hayan he hecho hemos hice hicieron hicimos hicisteis hizo hola
hombre hoy hubiera hubiese hubo iba iban ido igual imagino incluso ir jaja jajaj jajaja jajajaja jamas jeje jejeje
junto juntos le lee leen leer leo les listo llega llegan llegar llegaron llego lleva llevan llevar llevo luego mal mas
me media mejor menos mero mia mias mientras mil mio mios mira misma mismas mismo mismos mitad modo momento mucha
muchas muchisimo mucho muchos muy nada nadie ni ningun ninguna ninguno nomas nos nosotras nosotros nuestra nuestras
nuestro nuestros nueve nunca o ocho oigo ojala ok okay once os otra otras otro otros oye oyen parece parecen parecio
parte pasa pasado pasan pasar paso pense perdon perdona pero pidan pide piden pidieron pidio pido piensa piensan
pienso pierde pierden pierdo poca pocas poco pocos podamos podeis podemos poder podia podria podriamos pone ponemos
ponen poner pongo porfa porfavor porque prefiere prefieren prefiero primer primera primero propia propio pude pudo
pueda puedan puede pueden puedes puedo pues puso que queda quedan quedar quedo quereis queria quien quienes quiera
quieran quiere quieren quieres quiero quiza quizas realidad realmente recuerda recuerdan recuerdo sabe sabeis sabemos
saben saber sale salen salga salgo salieron salimos salio saludos se sea seamos sean seguimos seguir segun segundo
seguro seis ser sera seran seria serian si sido siempre siendo sienta siente sienten siento siete sigo sigue siguen
sino siquiera sobre sois sola solamente solas solo solos somos son soy sucede suele suelen supongo suya suyo tal tales
tambien tampoco tan tanta tantas tanto tantos tarde te tendria teneis tenemos tener tenga tengan tengo tenia tenian
tenido ti tia tiene tienen tienes tio toca tocan toco toda todas todavia todo todos toma toman tomar total trae traen
traigo trajeron trajimos trajo tras trata treinta tres tu tus tuve tuvieron tuvimos tuvo tuya tuyo u ultimamente unas
uno unos usa usamos usan usar usted ustedes va vais vale vamos van varias varios vas vaya vayan veces veia veinte
vemos ven venga venia venimos venir veo ver veras verdad verdaderamente vez vi via viene vienen vimos vine viniendo
vinieron vino visteis visto viven vosotras vosotros voy vuelta vuelva vuelvan vuelve vuelven vuelvo vuestra vuestras
vuestro vuestros xd ya yo
"""
_SPANISH_EVERYDAY = """
abajo abril abrir absoluto abuela abuelo aburrido acabar acompanar acordar actividad actual acuerdo adelantar adelante
adentro adolescente adulto afuera agarrar agosto agradable agradecido alcanzar alegre alegria alrededor alto alumno
amigo amor animar animo ano anoche apagar aparte aprender aprendizaje aprovechar apuntar arreglar arriba asunto
atencion atras avisar ayudar bajar bajo barato bloque boca bonito brazo breve buscar caber cabeza caer calmar cambiar
cambio caminar camino cansado cara caro caso centro cerca cerrar chaval chavo chica chico chido chiquito ciento cierre
clase coger colocar comentar companero compartir comprender comun comunidad conocer conseguir considerar contar
contento contestar continuar coordinador correcto correr corto crear crecer cuerpo cuidado cuidar culpa curso debil
decidir dedicar dedo delante desear detalle detras diario diciembre diferencia diferente dificil dificultad director
distinto domingo dormir duda durar duro echar edad educador efecto ejemplo encantar encender encontrar enero ensenar
entender entero entrar enviar equipo equivocado error esconder escribir escuchar escuela esfuerzo especial esperar
estilo estudiante estupendo evento exacto excelente existir experiencia explicar facil familia fastidio fatal febrero
fecha feliz fenomenal final fondo forma frecuente fuerte fuerza funcionar futuro ganar genial gran grande grupo
guardar guay gustar habla hermano hija hijo hogar hora horrible humano idea importante importar increible intentar
interesante invierno invitar joven jovenes juega juegan juego jueves julio junio lado largo lavar lejos lento levantar
libre limpiar lindo lista llamar llenar loca loco lograr lugar lunes madre madrugada maestro maja majo maldito mama
mamas manana mandar manera mano marido martes marzo mayo mayor medida medio mejorar menor mente mentira mes mesa meter
miercoles minuto mirar mola molestar monton morir mostrar mover muchacha muchacho muerte mujer mundo nacer necesario
necesidad necesitar nene nina nino nivel noche nombre normal noticia noviembre nuevo numero objetivo octubre ocurrir
ofrecer oir ojo olvidar opcion opinar oportunidad orden ordenar organizar otono padre padrisimo palabra papa papas par
parar parecer participante participar pedir pegar pena pendiente pensar peor pequeno perder perfecto permitir persona
pesado piel plan pobre posible preciso preferir pregunta preguntar prender preparar presente primavera principio
probar problema proceso profe profesor programa pronto proposito proximo proyecto pueblo puerta punto querer quitar
rapido rara raro rastro rato razon real realizar reciente recordar regresar regular reir relacion repetir resolver
responder respuesta resto resultado reunion rico ritmo rollo sabado sacar salir saludar semana senalar sencillo senor
senora sensacion sentar sentido sentimiento sentir septiembre serio servir sesion siglo siguiente simple sistema sitio
situacion sobrino social soler solucion solucionar sonar sorpresa subir suelo suerte super tamano tarea tema temporada
temprano terminar tiempo tipo tirar titulo tocar trabajar traer tranquilo tratar triste ultima ultimo unico util vacio
valer vecino vender verano verde vestir vida viejo viernes visitar vista vivir voluntario volver voz
"""

COMMON_WORDS: Mapping[str, CommonWords] = {
    "en": CommonWords(
        fillers=_words(_ENGLISH_FILLERS, _ENGLISH_LINKS, _ENGLISH_LEADS),
        links=_words(_ENGLISH_LINKS),
        leads=_words(_ENGLISH_LEADS),
        everyday=_words(_ENGLISH_EVERYDAY),
    ),
    "es": CommonWords(
        fillers=_words(_SPANISH_FILLERS, _SPANISH_LINKS, _SPANISH_LEADS),
        links=_words(_SPANISH_LINKS),
        leads=_words(_SPANISH_LEADS),
        everyday=_words(_SPANISH_EVERYDAY),
    ),
}
