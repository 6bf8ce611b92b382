"""Abbreviations whose full stop ends no sentence, casefolded, of all languages together.

Only such as stand before a word they belong to (`Mr. Lee`, `г. Москва`); what may end a sentence (`etc.`,
`и т. д.`) is left out.
"""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
# English
mr mrs ms messrs dr prof st sr jr hon rev fr gov sen rep pres gen col maj capt cmdr cdr lt sgt cpl pvt adm
brig supt insp amb atty mt ft pt vs nos vol pp ch ed eds cf dept univ jan feb mar apr jun
jul aug sep sept oct nov dec approx est
# Russian, Ukrainian, Bulgarian, Serbian
г гг гор ул д дд пл пер просп пр ш им св проф акад доц ген полк подп кап лейт серж адм мин зам пом нач гл
ред см ср рис стр табл тел тов гр гос обл респ пос дер с ст о оз р п пп корп кв эт руб коп тыс млн млрд трлн
т тт напр вул буд бул м пров бр др инж арх преп архим митр еп прот игум дж
# German, Dutch, Scandinavian
hr frl dipl nr bzw bd abt hrsg jh mio mrd tel vgl dhr mevr mw drs kl
# French, Spanish, Portuguese, Italian
mme mmes mlle mgr av bld boul pl sra srta dña dn lic arq avda pza cra núm exmo exma dra profª dott
sig sigg avv geom mons
# Polish, Czech, Slovak, Croatian, Turkish, Finnish
ul inż płk ppłk kpt św ks bp abp woj pow gm tzw tzn np wg zm ur mudr judr rndr phdr tř nám sv čp
prim bul cad sok doç yrd sn bkz alb
# Arabic, Persian, Hebrew
أ د م ص هـ ق ج פרופ ד עו
# Greek
κ κα κος λεωφ οδ αγ δρ
"""

ABBREVIATIONS: Final = frozenset(
    word for line in _WORDS.splitlines() if not line.startswith("#") for word in line.split()
)
