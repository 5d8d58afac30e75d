"""What is said of an account, of one's data and of a debit, in turns of phrase."""

import re

_DATA = (
    r"(?:mis? |ningun |esos |esa |my |any |personal )*"
    r"(?:datos?|informacion|fecha|data|information|info|details|birthday|date of birth|dob)\b"
)
GIVES_NO_DATA = re.compile(
    r"\bno (?:(?:te|le|les|voy a|pienso|quiero|acostumbro|me gusta) )*(?:d[oa]|compart|paso|pasar|mand)\w* "
    rf"{_DATA}|\bi (?:don t|do not|won t|m not|am not)(?: going to)? (?:giv|shar)\w+ (?:you |out )?{_DATA}|"
    rf"\bpor que (?:tendria|deberia|tengo|debo)(?: de| que)? (?:dar|pasar|compartir)\w* {_DATA}|"
    r"\bno confio en (?:ustedes|esto|este|eso|usted)\b|\bi don t trust (?:you|this)\b"
)
"""«No doy mis datos por aquí»: distrust, and no right that is exercised."""
NO_INSURANCE = re.compile(
    r"\b(?:quit\w+|cancel\w+|no quiero|den de baja|remove) (?:\w+ )?(?:el|ese|mi|un|the|my) "
    r"(?:seguro(?! social)|insurance)\b"
)
WANTS_DEBIT = re.compile(
    r"\b(?:como|que) (?:le |puedo |hago |necesito |tengo que )*(?:hago |hacer )?(?:para |si quiero )?"
    r"(?:domiciliar(?:l[oa]|me)?|(?:meter|poner|pasar)l[oa] (?:a|en) domiciliacion)\b|"
    r"\bhow (?:do|can) i (?:set up|sign up for|start) (?:the |an? )?(?:direct debit|autopay|automatic \w+)"
)
"""«¿Cómo le hago para domiciliar?»"""
LEAVES_DEBIT = re.compile(
    r"\b(?:salir(?:me)?|salgo|sacar(?:me)?|saquen(?:me)?|sacame|get (?:me )?out) (?:ya )?(?:del?|of) "
    r"(?:la |el |the )?(?:domicili\w+|(?:cargo|cobro|pago)s? automatic\w+|debito|direct debit|autopay)"
)
"""«Me quiero salir de la domiciliación»"""
FEARS_FOR_ACCOUNT = re.compile(
    r"\b(?:me da|tengo|con) (?:mucha |un poco de |algo de )?(?:desconfianza|miedo|pendiente|cosa|temor|pena) "
    r"(?:de )?(?:dar|pasar|poner|mandar|compartir|que (?:tengan|usen))\w* "
    r"(?:mi|la|el) (?:\w+ de (?:mi |la )?)?(?:cuenta|clabe|tarjeta|banco)\b|"
    r"\b(?:afraid|scared|wary|nervous) (?:of|to|about) (?:giv|shar)\w+ "
    r"(?:you )?(?:my|the) (?:account|clabe|card|bank)"
)
NOT_AT_HAND = re.compile(
    r"no (?:la|lo) (?:tengo|traigo|encuentro)(?: (?:aqui|ahi|a la mano|conmigo|ahorita|ahora|todavia|aun))+"
)
"""Of a thing that was asked for, and of nobody."""
THE_DATA = re.compile(
    r"^(?:(?:me|oiga|oye|ok|va|si|por favor|porfa|a ver) )*(?:mand|pas|envi|d)(?:a|e|as|an|en|ame|eme|"
    r"enme|ime)(?: los| tus| sus)? "
    r"datos(?: (?:para (?:pagar|depositar|transferir|el (?:pago|deposito))|bancarios|de (?:pago|"
    r"la cuenta)|porfa|por favor))*$"
)
"""«Mándame los datos»: to pay."""
IS_ACTIVE = re.compile(
    r"(?:(?:y|oye|oiga|entonces|ya|hola|disculpe|and|so|is|it|now|all) )*"
    r"(?:(?:(?:me )?quedo|esta|se|fue|lo) )*(?:ya )?"
    r"(?:activ[oa]|activad[oa]|activaron|dad[oa] de alta|domiciliad[oa]|set up|activated|active|working)"
    r"(?: (?:ya|el|la|lo|de|del|mi|cargo|cobro|debito|domiciliacion|automatico|tarjeta|cuenta|verdad|yet|now|"
    r"the|my|debit|autopay))*"
)
"""«¿Ya quedó activado?», “is it set up?”, with a debit that stands."""
STOP_NOT_AUTHORISED = re.compile(
    r"^(?:please |por favor )?(?:stop (?:it|that|this)|par[ae]n?lo|det(?:en|enga|engan)lo) "
    r"(?:\w+ ){0,3}?(?:didn t|did not|never|no|nunca) (?:\w+ ){0,2}?"
    r"(?:authori[sz]\w*|approve\w*|agree\w*|autoric\w*)"
)
"""“Stop it, I didn't authorize that”: of a charge, and of no messages."""
