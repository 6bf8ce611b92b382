"""Words so common that a query of one of them would find every item."""

from __future__ import annotations

from typing import Final

_WORDS: Final = """
    a an the and or not but nor if then than so as at by for from in into of off on onto out over per to up
    upon via with within is am are was were be been being do does did done has have had will would can could
    shall should may might must it its he him his she her they them their we us our you your i me my who whom
    which what that this these those there here when where why how all any both each more most other some such
    no only own same too very just also about after before between

    и а но или не ни да же ли бы в во на с со к ко у о об обо от ото до из изо за по под над при про для без
    через между перед как что чтобы это этот эта эти то тот та те так там тут здесь где когда если он она оно
    они его её ее их ему ей им я ты мы вы мой твой наш ваш свой себя все всё весь вся был была было были быть
    есть нет уже ещё еще только также тоже может который которая которое которые

    و أو ثم لا لم لن ما في من إلى الى على عن مع حتى منذ بين بعد قبل عند لدى تحت فوق أن ان إن أنّ إنّ كان
    كانت يكون تكون قد لقد هذا هذه ذلك تلك هو هي هم هن نحن أنت أنا الذي التي الذين كما كل بعض غير سوى لكن ليس
    إذا اذا هناك هنا أي اي به له لها فيه فيها منه منها عليه عليها حول خلال
"""
_STOP_WORDS: Final = frozenset(_WORDS.split())


_NEWSROOM: Final = """
    said says new news year years people time day days week today world country government president state
    officials official report reports man men women group city first

    год время человек день страна мир президент власть новый новость глава слово область город группа сообщить
    заявить рассказать

    قال أكد أوضح أضاف اليوم أمس العام عام سنة الرئيس رئيس حكومة الحكومة دولة الدولة العالم بلد البلاد الناس
    جديد أول وقت مدينة
"""
_FREQUENT: Final = frozenset(_NEWSROOM.split())
"""Words that stand in so many items of any newsroom that a watch on one of them alone is noise."""


def is_frequent(word: str) -> bool:
    """Tell whether *word* is one of them; a name or an acronym in capitals is none."""
    return word in _FREQUENT


def is_stop_word(word: str) -> bool:
    """Tell whether *word* is one; an acronym in capitals (US, WHO, IT) is none."""
    return word.lower() in _STOP_WORDS and not (word.isupper() and len(word) > 1)
