"""What stands for a Russian term, and what only looks like it. Spans are told as the words found."""

from __future__ import annotations

import subprocess
import sys
from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from marsad.language.base import Kind
from marsad.language.russian import Russian
from marsad.language.russian_endings import decline
from marsad.language.tokens import tokenize
from marsad.matching import find
from marsad.matching.terms import find_term


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("ru", term, text, kind)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("дипломат", "Дипломаты у дипломата, дипломатия", ["Дипломаты", "дипломата"]),
        ("пошлина", "пошлинами и новой пошлиной, но не пошлый", ["пошлинами", "пошлиной"]),
        ("пошлины", "ввели пошлину, сняли пошлины", ["пошлину", "пошлины"]),
        ("берег", "на берегу, берега, он берёг", ["берегу", "берега", "берёг"]),
        ("военный", "военного, военная, военными; война", ["военного", "военная", "военными"]),
        ("подписать", "подписали, подписанный; подпись", ["подписали", "подписанный"]),
        ("ущелье", "в ущелье и в ущельях, ущельный", ["ущелье", "ущельях"]),
        ("сомненье", "сомненьем, а не сомнением", ["сомненьем"]),
        ("новый", "новые, новее, но не новейшие", ["новые", "новее"]),
        ("видеоблогинг", "о видеоблогинге", ["видеоблогинге"]),
    ],
)
def test_a_keyword_stands_for_its_paradigm(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "left_out"),
    [("посол", "после обеда", "после"), ("сталь", "они стали ждать", "стали")],
)
def test_a_form_that_nearly_always_is_another_word_is_left_out_and_named(term, text, left_out):
    assert found(term, text) == []
    assert any(left_out in hint for hint in Russian().expand(term, Kind.KEYWORD).hints)


def test_a_word_in_an_oblique_case_stands_for_itself_and_says_so():
    assert found("пошлин", "без пошлин, пошлины") == ["пошлин"]
    (hint,) = Russian().expand("пошлин", Kind.KEYWORD).hints
    assert '"пошлина"' in hint


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Соколова", "Соколова и Соколовой; Соколовым, Соколовы", ["Соколова", "Соколовой"]),
        ("Соколов", "Соколов с Соколовым; Соколовой, Соколовых", ["Соколов", "Соколовым"]),
        ("Вронский", "о Вронском; Вронскую, Вронские", ["Вронском"]),
        ("Вронская", "Вронскую, Вронской; Вронскому", ["Вронскую", "Вронской"]),
        ("Шевчук", "Шевчука, Шевчуком", ["Шевчука", "Шевчуком"]),
        ("Стрижак", "с Стрижаком, без Стрижака", ["Стрижаком", "Стрижака"]),
        ("Тимошенко", "с Тимошенко, Тимошенкой", ["Тимошенко"]),
        ("Цой", "Цоя и Цоем, цокает", ["Цоя", "Цоем"]),
        ("Кравец", "Кравцу, Кравцом", ["Кравцу", "Кравцом"]),
        ("О'Нил", "с О’Нилом", ["О’Нилом"]),
        ("Беркутов", "Беркутовым; беркутов в небе", ["Беркутовым"]),
    ],
)
def test_a_surname_keeps_its_gender_and_its_capital(term, text, expected):
    assert found(term, text, "name") == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Соколов", "Анна Соколова приехала", []),
        ("Соколов", "награда Петра Соколова", ["Соколова"]),
        ("Соколов", "Анны Сергеевны Соколовой", []),
        ("Соколов", "Анну Соколову встретили", []),
        ("Соколов", "по словам Соколова", ["Соколова"]),
        ("Соколов", "заявила Соколова", []),
        ("Соколов", "Пресс-служба Соколова заявила", ["Соколова"]),
        ("Соколов", "Госпожа Соколова молчит", []),
        ("Соколова", "приезд Петра Соколова", []),
        ("Соколова", "у Соколова спросили", []),
        ("Соколова", "Соколова Петру ответила", ["Соколова"]),
        ("Соколова", "Анна Павловна Соколова", ["Соколова"]),
        ("Толстой", "о Марии Толстой", []),
        ("Толстой", "граф Толстой", ["Толстой"]),
    ],
)
def test_the_words_beside_a_surname_tell_whose_it_is(term, text, expected):
    assert found(term, text, "name") == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Анна Соколова", "с Анной Соколовой и об Анне Соколовой", ["Анной Соколовой", "Анне Соколовой"]),
        ("Анна Соколова", "Соколова Анна; Пётр Соколов", ["Соколова Анна"]),
        ("Анна Шмидт", "с Анной Шмидт, Анны Шмидта", ["Анной Шмидт"]),
        ("Пётр Шмидт", "с Петром Шмидтом", ["Петром Шмидтом"]),
        ("Илья Соколов", "Илье Соколову", ["Илье Соколову"]),
        ("Ли Сяолун", "у Ли Сяолуна", ["Ли Сяолуна"]),
        ("П. П. Соколов", "П.П. Соколова и П. П. Соколову", ["П.П. Соколова", "П. П. Соколову"]),
        ("П. П. Соколов", "Соколов П. П. подписал", ["Соколов П. П"]),
    ],
)
def test_every_part_of_a_full_name_takes_its_case(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("Норвегия", "в Норвегии, норвежец", ["Норвегии"]),
        ("Альпы", "в Альпах, из Альп", ["Альпах", "Альп"]),
        ("Одинцово", "в Одинцове, в Одинцово, из Одинцова", ["Одинцове", "Одинцово", "Одинцова"]),
        ("Мраморное", "из Мраморного", ["Мраморного"]),
        ("Тенгизск", "под Тенгизском; тенгизский", ["Тенгизском"]),
        ("Осло", "из Осло", ["Осло"]),
        ("Брянцы", "в Брянцах", ["Брянцах"]),
    ],
)
def test_a_place_keeps_its_number(term, text, expected):
    assert found(term, text, "name") == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        (
            "министерство внешней торговли",
            "в министерстве внешней торговли",
            ["министерстве внешней торговли"],
        ),
        ("министерство внешней торговли", "министерству внешняя торговля", []),
        ("зерновая сделка", "о зерновой сделке", ["зерновой сделке"]),
        ("учёный секретарь", "учёного секретаря", ["учёного секретаря"]),
        ("Северная Корея", "с Северной Кореей", ["Северной Кореей"]),
        ("Банк Норвегии", "Банка Норвегии", ["Банка Норвегии"]),
        ("движение ФАТХ", "с движением «ФАТХ»", ["движением «ФАТХ"]),
        ("вице-премьер", "вице-премьеру и вице‑премьер", ["вице-премьеру", "вице‑премьер"]),
        ("Ростов-на-Дону", "в Ростове-на-Дону", ["Ростове-на-Дону"]),
    ],
)
def test_in_a_phrase_the_head_declines_and_what_is_oblique_stands(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("МЧС", "МЧС; мчс", ["МЧС"]),
        ("ВАК", "ВАКа, ВАКом; ВАКовский, вака", ["ВАКа", "ВАКом"]),
        ("ФАТХ", "Фатх и ФАТХа", ["Фатх", "ФАТХа"]),
        ("ВОЗ", "ВОЗ, воз и Воз", ["ВОЗ"]),
        ("ВОЗ", "ТЯЖЁЛЫЙ ВОЗ С СЕНОМ", []),
        ("НАТО", "в НАТО, НАТОа", ["НАТО"]),
    ],
)
def test_an_acronym_is_capitals_with_a_case_ending(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("песок", "сказал Песков о запасах песков", ["песков"]),
        ("песок", "Песков много в пустыне", []),
        ("лавр", "Лавров вышел, ветка лавров", ["лавров"]),
        ("газ", "добыча Газа растёт", []),
        ("победа", "День Победы", ["Победы"]),
        ("Песков", "среди песков", []),
        ("песок", "ИЗ ПЕСКОВ ПУСТЫНИ", ["ПЕСКОВ"]),
    ],
)
def test_a_small_initial_does_not_find_a_known_name(term, text, expected):
    assert found(term, text) == expected


def test_stress_marks_and_yo_make_no_difference():
    stressed = "зае\u0300м, заё\u0301м, ЗАЙМ\u00adА"
    assert found("заём", stressed) == ["зае\u0300м", "заё\u0301м", "ЗАЙМ\u00adА"]
    assert found("займ", "заи\u0306м") == ["заи\u0306м"]


def test_the_reason_names_the_case():
    (hit,) = find_term(Russian().expand("Соколова", Kind.NAME), tokenize("о Соколовой"))
    assert hit.reason == "Соколовой: a case of Соколова"


def test_texts_are_read_without_the_dictionary():
    code = (
        "import sys; from marsad.language.russian import Russian;"
        "from marsad.language.tokens import tokenize;"
        "r = Russian(); [r.readings(w) for w in tokenize('Анна Соколова').words];"
        "from marsad.language.russian_people import forenames; forenames();"
        "sys.exit(any('pymorphy' in name for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def test_a_name_of_two_letters_declines_however_it_ends():
    letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
    for name in map("".join, product(letters, repeat=2)):
        assert name in {form.word for form in decline(name, places=True)}
    assert {form.word for form in decline("юй")} >= {"юя", "юю"}


_LETTERS = "абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБЕЁЖЛОПРСЯ-'. \u0301\u0300\u00ad\u200bxZ7٣"


@given(st.text(alphabet=st.one_of(st.sampled_from(_LETTERS), st.characters()), max_size=24))
@settings(max_examples=200, deadline=None)
def test_folding_is_idempotent(word):
    fold = Russian().fold
    assert fold(fold(word)) == fold(word)


@given(st.text(alphabet=_LETTERS, max_size=24), st.sampled_from(Kind))
@settings(max_examples=150, deadline=None)
def test_no_term_raises_and_no_hit_lies_outside(term, kind):
    text = f"о {term} и"
    for hit in find_term(Russian().expand(term, kind), tokenize(text)):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(alphabet="абвгдеёжзийклмнопрстуфхцчшщъыьэюя", min_size=2, max_size=12), st.sampled_from(Kind))
@example("ый", Kind.KEYWORD)
@settings(max_examples=150, deadline=None)
def test_a_typed_word_finds_itself_with_stress_and_without(word, kind):
    for typed in (word, word.capitalize()):
        forms = Russian().expand(typed, kind)
        for written in (typed, typed + "\u0301", typed.replace("ё", "е").replace("Ё", "Е"), typed.upper()):
            assert find_term(forms, tokenize(written))


def test_a_place_that_no_dictionary_knows_has_the_cases_of_a_place():
    text = "Из Приштины в Приштину, о Приштине; из Претории в Преторию"
    assert [text[a:b] for a, b in find("ru", "Приштина", text)] == ["Приштины", "Приштину", "Приштине"]
    assert [text[a:b] for a, b in find("ru", "Претория", text)] == ["Претории", "Преторию"]


def test_an_adjective_of_a_place_has_all_forms_like_any_other():
    assert find("ru", "украинский", "украинская сторона") == [(0, 10)]
    assert find("ru", "эстонский", "у эстонских границ") == [(2, 11)]
    assert find("ru", "катарский", "катарскую делегацию") == [(0, 9)]
    # Of a place that the dictionary does not know.
    assert find("ru", "лесотский", "лесотская столица") == [(0, 9)]
