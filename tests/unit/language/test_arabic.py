"""What stands for an Arabic term, and what only looks like it. Hits are told as the words found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marsad.language import arabic_plurals
from marsad.language.arabic import Arabic
from marsad.language.arabic_fold import fold_arabic, same_marks, skeleton
from marsad.language.base import Kind
from marsad.language.names import known_names
from marsad.language.tokens import tokenize
from marsad.language.wordlists import sections
from marsad.matching import find
from marsad.matching.terms import find_term


def found(term: str, text: str, kind: str = "keyword") -> list[str]:
    return [text[start:end] for start, end in find("ar", term, text, kind)]


def reasons(term: str, text: str, kind: Kind = Kind.KEYWORD) -> list[str]:
    return [hit.reason for hit in find_term(Arabic().expand(term, kind), tokenize(text))]


@pytest.mark.parametrize("conjunction", ["", "و", "ف"])
@pytest.mark.parametrize("joined", ["", "ال", "بال", "كال", "لل", "ب", "ل", "ك"])
def test_conjunction_preposition_and_article_are_taken_off_together(conjunction, joined):
    word = f"{conjunction}{joined}محافظ"
    assert found("محافظ", f"قال {word} المدينة") == [word]


@pytest.mark.parametrize(
    "word", ["بومحافظ", "لومحافظ", "الومحافظ", "ببمحافظ", "وفمحافظ", "الالمحافظ", "سمحافظ"]
)
def test_nothing_else_is_taken_off(word):
    assert found("محافظ", f"قال {word}") == []


def test_the_reason_shows_what_was_taken_off():
    assert reasons("محافظ", "وبالمحافظ") == ["و + ب + ال + محافظ"]
    assert reasons("روسيا", "لروسيا", Kind.NAME) == ["ل + روسيا"]
    assert reasons("محافظ", "محافظها") == ["محافظ with a pronoun"]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("ليمون", "عصير الليمون وسوق لليمون", ["الليمون", "لليمون"]),
        ("لغم", "إزالة للألغام وللغم آخر", ["للألغام", "وللغم"]),
        ("لاعب", "جائزة للاعب الأول", ["للاعب"]),
        ("مصنع", "للمصنع الجديد ومصنع لمصنع", ["للمصنع", "ومصنع", "لمصنع"]),
    ],
)
def test_a_stem_in_lam_shares_it_with_the_article(term, text, expected):
    assert found(term, text) == expected


def test_god_takes_only_one_lam_after_the_preposition():
    assert found("الله", "الحمد لله وبالله ولله، إلهة", "name") == ["لله", "وبالله", "ولله"]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("الوزير", "الوزير وللوزير وبالوزير، وزير سابق، وزيرها", ["الوزير", "وللوزير", "وبالوزير"]),
        ("ألبانيا", "ألبانيا ولألبانيا والبانيا", ["ألبانيا", "ولألبانيا", "والبانيا"]),
        ("التهاب", "التهاب والتهابات وهاب", ["التهاب", "والتهابات"]),
        ("ألوان", "ألوان وبألوان ووان", ["ألوان", "وبألوان"]),
        ("وان", "ألوان والوان", ["والوان"]),
    ],
)
def test_the_article_as_typed_is_required_and_a_radical_alef_is_none(term, text, expected):
    assert found(term, text) == expected


def test_a_term_with_the_article_says_how_to_find_it_without():
    (hint,) = Arabic().expand("الوزير", Kind.KEYWORD).hints
    assert "وزير" in hint
    assert "article" in hint


@pytest.mark.parametrize("pronoun", ["ه", "ها", "هم", "هما", "هن", "نا", "كم", "ك"])
def test_a_keyword_takes_pronouns_but_not_with_the_article(pronoun):
    assert found("مصنع", f"مصنع{pronoun}") == [f"مصنع{pronoun}"]
    assert found("مصنع", f"المصنع{pronoun}") == []
    assert found("مصنع", f"مصنع{pronoun}", "name") == []


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("سفارة", "سفارتها وسفارتنا وسفارتان", ["سفارتها", "وسفارتنا", "وسفارتان"]),
        ("مستشفى", "مستشفاها ومستشفيان", ["مستشفاها", "ومستشفيان"]),
        ("لقاء", "لقاؤه ولقائهما ولقاءاتنا", ["لقاؤه", "ولقائهما", "ولقاءاتنا"]),
        ("بطء", "بطئه وبطؤها", ["بطئه", "وبطؤها"]),
        ("مراسل", "مراسلون ومراسلين ومراسلات ومراسلان ومراسلا", None),
        ("حق", "حقهم وحقوقهم، حقك", ["حقهم", "وحقوقهم"]),
        ("متمرد", "متمردو الشمال، المتمردو، متمردي", ["متمردو"]),
    ],
)
def test_the_last_letter_changes_before_an_ending(term, text, expected):
    assert found(term, text) == (text.split() if expected is None else expected)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("روسيا", "روسي وروسية والروس", []),
        ("كردستان", "كردستاني", []),
        ("روس", "روسي", []),
        ("تركي", "التركية وتركيين وتركيتان", ["التركية", "وتركيين", "وتركيتان"]),
        ("قاضي", "قاضية", ["قاضية"]),
        ("بحري", "بحر هائج", []),
    ],
)
def test_the_relation_is_a_word_of_its_own_and_declines_where_it_is_the_term(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("جامعة", "جامعه وجامعة", ["جامعه", "وجامعة"]),
        ("جامعه", "بجامعة", ["بجامعة"]),
        ("حماس", "حماسة وحماسه", []),
        ("مبنى", "مبني ومبنى", ["مبني", "ومبنى"]),
        ("كتابي", "كتابى", ["كتابى"]),
    ],
)
def test_ta_marbuta_and_final_ya_have_two_spellings(term, text, expected):
    assert found(term, text, "name") == expected


@pytest.mark.parametrize("word", ["على", "إلى", "لدى", "حتى", "متى", "سوى"])
def test_a_preposition_is_no_term_in_ya(word):
    assert found(f"{word[:-1]}ي", f"قال {word} ذلك") == []
    assert found(word, f"قال {word} ذلك") == [word]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("إعلام", "أعلام البلاد، الإعلام، اعلام", ["الإعلام", "اعلام"]),
        ("آلية", "إليه وآليه", ["وآليه"]),
        ("أستراليا", "استراليا وإستراليا", ["استراليا", "وإستراليا"]),
        ("مسؤول", "مسئول ومسؤول", ["مسئول", "ومسؤول"]),
        ("مئة", "مائة ومئة", ["مائة", "ومئة"]),
        ("أمن", "امن وإمن", ["امن"]),
        ("لغز", "سعر الغاز والألغاز", ["والألغاز"]),
        ("ألم", "الام وآلام", ["وآلام"]),
    ],
)
def test_hamzas_are_optional_but_two_written_ones_make_two_short_words(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("عُمان", "عُمان وعمان، عمّان، عَمّان", ["عُمان", "وعمان"]),
        ("عمّان", "عمّان وعمان، عُمان", ["عمّان", "وعمان"]),
        ("عمان", "عُمان عمّان", ["عُمان", "عمّان"]),
        ("محمّد", "مُحمد ومحمّد", ["ومحمّد"]),
        ("كُتّاب", "كِتاب، كتاب", ["كتاب"]),
        ("قدس", "القدسُ والقدسِ", ["القدسُ", "والقدسِ"]),
        ("غزة", "غـــزة وغ\u200dزة", ["غـــزة", "وغ\u200dزة"]),
    ],
)
def test_marks_count_where_both_carry_them(term, text, expected):
    kind = "keyword" if term == "قدس" else "name"
    assert found(term, text, kind) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("روسيا", "كان روسيًّا، كان روسياً", []),
        ("تركيا", "تركيا، تركيًا", ["تركيا"]),
        ("قرار", "اتخذ قرارًا وقراراً", ["قرارًا", "وقراراً"]),
        ("تحدي", "تحدٍّ كبير، تحد أكبر", ["تحدٍّ", "تحد"]),
        ("ناد", "النادي ونادٍ ونواديها", ["النادي", "ونادٍ", "ونواديها"]),
    ],
)
def test_a_tanwin_is_an_ending_and_never_of_the_name(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("حماس", "حماسها وبحماسه وحماسي والحماس", []),
        ("حماس", "حماس وحماس لحماس كحماس فحماس", None),
        ("طالبان", "طالبانها، الطالبان، طالبان", ["طالبان"]),
        ("المغرب", "المغرب وللمغرب، مغرب", ["المغرب", "وللمغرب"]),
        ("كي", "بكي، لكي، وكي", ["وكي"]),
    ],
)
def test_a_name_takes_proclitics_alone(term, text, expected):
    assert found(term, text, "name") == (text.split() if expected is None else expected)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("أبو مازن", "لأبي مازن وأبا مازن وأبو مازن", ["لأبي مازن", "وأبا مازن", "وأبو مازن"]),
        ("أبو ظبي", "أبوظبي وأبي ظبي", ["أبوظبي", "وأبي ظبي"]),
        ("أبوظبي", "في أبو ظبي", ["أبو ظبي"]),
        ("خالد بن الوليد", "خالد ابن الوليد", ["خالد ابن الوليد"]),
        ("ابن سينا", "كتاب بن سينا", ["بن سينا"]),
        ("عبد العزيز", "عبدالعزيز ولعبد العزيز", ["عبدالعزيز", "ولعبد العزيز"]),
        ("عبدالعزيز", "عبد العزيز", ["عبد العزيز"]),
        ("آل سعود", "آل سعود وال سعود وآل سعود", ["آل سعود", "وال سعود", "وآل سعود"]),
        ("علي ناصر", "علي وناصر، علي لناصر", []),
    ],
)
def test_the_particles_of_names_have_cases_and_optional_spaces(term, text, expected):
    assert found(term, text, "person") == expected


@pytest.mark.parametrize(
    ("term", "token", "kind"),
    [
        ("كين", "بكين", "name"),
        ("إيدن", "بايدن", "name"),
        ("روسي", "روسيا", "keyword"),
        ("ألمان", "ألمانيا", "keyword"),
        ("مال", "مالي", "keyword"),
        ("صين", "الصين", "name"),
        ("سوري", "سوريا", "keyword"),
        ("أوكراني", "أوكرانيا", "keyword"),
        ("رزاي", "كرزاي", "name"),
    ],
)
def test_a_known_name_is_no_form_of_another_term(term, token, kind):
    assert fold_arabic(token) in known_names("ar")
    assert found(term, f"زار {token} أمس", kind) == []


def test_a_known_name_is_none_after_a_preposition_either():
    assert found("إمارة", "زيارة للإمارات وبالإمارات، إمارات الخليج") == ["إمارات"]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("وزير", "وزراء ووزرائها", ["وزراء", "ووزرائها"]),
        ("سلاح", "أسلحة وبأسلحتهم", ["أسلحة", "وبأسلحتهم"]),
        ("دعوى", "دعاوى ودعاوي ودعاواه", ["دعاوى", "ودعاوي", "ودعاواه"]),
        ("فتوى", "الفتاوي والفتاوى", ["الفتاوي", "والفتاوى"]),
        ("شكوى", "شكاوي وشكاواهم", ["شكاوي", "وشكاواهم"]),
        ("مأساة", "مآس ومآسيها", ["مآس", "ومآسيها"]),
        ("جريح", "جرحى وجرحي", ["جرحى"]),
        ("محاكاة", "محاكيات ومحاكاتهم", ["محاكيات", "ومحاكاتهم"]),
        ("أرض", "أراض وأراضينا", ["أراض", "وأراضينا"]),
        ("وفاة", "وفيات ووفياتهم", ["وفيات", "ووفياتهم"]),
    ],
)
def test_a_broken_plural_is_a_form_with_its_own_endings(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("singular", "plural"),
    [
        ("مفعول", "مفاعيل"),
        ("منطاد", "مناطيد"),
        ("قرميد", "قراميد"),
        ("زنبور", "زنابير"),
        ("أرجوزة", "أراجيز"),
        ("راووق", "رواويق"),
        ("زعنفة", "زعانف"),
        ("ساحقة", "سواحق"),
        ("ضريحة", "ضرائح"),
    ],
)
def test_a_noun_that_no_list_has_gets_the_plural_of_its_pattern(singular, plural):
    assert fold_arabic(singular) not in arabic_plurals.listed_keys()
    assert plural in arabic_plurals.broken_plurals(singular)
    assert found(singular, f"ثلاثة {plural}") == [plural]


@pytest.mark.parametrize(
    ("term", "text"),
    [
        ("كتابة", "كتائب القسام"),
        ("جامعة", "جوامع المدينة"),
        ("مقتل", "مقاتل مجهول"),
        ("عمل", "عملات أجنبية"),
        ("خبر", "خبرات طويلة"),
        ("حمل", "حملات انتخابية"),
    ],
)
def test_the_plural_of_another_noun_is_none(term, text):
    assert found(term, text) == []


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("صواريخ", "صاروخ وصاروخين وبصواريخها", ["صاروخ", "وصاروخين", "وبصواريخها"]),
        ("حقوق", "الحق وحقوقهم", ["الحق", "وحقوقهم"]),
        ("ضرائب", "ضريبة وضريبته", ["ضريبة", "وضريبته"]),
        ("غارات", "غارة وغارتين", ["غارة", "وغارتين"]),
        ("احتجاجات", "احتجاج واحتجاجا", ["احتجاج", "واحتجاجا"]),
        ("متظاهرين", "متظاهر ومتظاهرون", ["متظاهر", "ومتظاهرون"]),
        ("معتقلين", "معتقلي الرأي ومعتقلوهم", ["معتقلي", "ومعتقلوهم"]),
        ("منطادان", "منطادين ومنطادا", ["منطادين", "ومنطادا"]),
        ("مغاربة", "فنان مغربي", []),
        ("ماليون", "دعم مالي", []),
        ("ألبان", "لبن وألباني", []),
        ("شعب", "شعبة الأحزاب", []),
        ("جمال", "جمل شارد", []),
        ("طائرات", "طائر مهاجر", []),
        ("عمليات", "حل عملي", []),
        ("مهرجان", "مهرج", []),
    ],
)
def test_a_term_typed_in_the_plural_finds_the_singular(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "token"),
    [
        ("جنة", "لجنة"),
        ("رد", "ورد"),
        ("بيرة", "كبيرة"),
        ("عد", "بعد"),
        ("ساد", "فساد"),
        ("لسطين", "فلسطين"),
        ("حج", "لحج"),
        ("جهة", "وجهة"),
        ("زارة", "وزارة"),
    ],
)
def test_a_common_word_is_not_split(term, token):
    assert found(term, f"في {token} أخرى") == []


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("لجنة", "ولجان", ["ولجان"]),
        ("دين", "لديون كثيرة", ["لديون"]),
        ("علي", "وعلي", ["وعلي"]),
        ("أول", "بأول وباول", ["بأول"]),
        ("اسم", "باسم الشعب", ["باسم"]),
    ],
)
def test_a_split_stays_where_the_whole_only_resembles_a_common_word(term, text, expected):
    assert found(term, text) == expected


def test_a_double_reading_is_found_both_ways_and_says_so():
    assert reasons("بحرية", "قوات البحرية") == ["ال + بحرية"]
    assert reasons("حرية", "بحرية تامة") == ["بحرية, or ب + حرية"]
    assert found("جدة", "الرياض وجدة", "name") == ["وجدة"]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("حرب", "كحرب فحرب وحرب كالحرب", ["وحرب", "كالحرب"]),
        ("حروب", "كحروب فحروب", ["كحروب", "فحروب"]),
    ],
)
def test_short_keywords_take_no_far_clitics(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "left_out"),
    [("فعل", "فعلا", "فعلا"), ("طبع", "طبعا", "طبعا"), ("إله", "التي", "إلتي")],
)
def test_a_form_that_nearly_always_is_another_word_is_left_out(term, text, left_out):
    assert found(term, text) == []
    assert any(left_out in hint for hint in Arabic().expand(term, Kind.KEYWORD).hints)


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("رئيس الوزراء", "ورئيس الوزراء ولرئيس الوزراء", ["ورئيس الوزراء", "ولرئيس الوزراء"]),
        ("رئيس الوزراء", "رئيس، الوزراء. رئيس\nالوزراء", []),
        ("حزب العمال", 'حزب "العمال', ['حزب "العمال']),
        ("مدير الشركة", "مدير وشركة، مدير والشركة", []),
        ("معتقلي الرأي", "معتقلي الرأي", ["معتقلي الرأي"]),
        ("مراسل الصحيفة", "مراسلو الصحيفة ومراسلي الصحيفة", ["مراسلو الصحيفة", "ومراسلي الصحيفة"]),
        ("وزير خارجية", "وزراء خارجية", ["وزراء خارجية"]),
    ],
)
def test_a_phrase_inflects_each_word_and_no_conjunction_enters_it(term, text, expected):
    assert found(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("كوفيد-19", "كوفيد١٩ وكوفيد 19 كوفيد-۱۹", ["كوفيد١٩", "وكوفيد 19", "كوفيد-۱۹"]),
        ("٢٠٢٦", "عام 2026", ["2026"]),
        ("إف-16", "طائرة إف 16 وإف١٦", ["إف 16", "وإف١٦"]),
    ],
)
def test_digits_of_every_script_are_one(term, text, expected):
    assert found(term, text, "name") == expected


def test_letters_of_persian_keyboards_are_arabic_ones():
    assert found("كوريا", "کوریا") == ["کوریا"]
    assert found("جمعية", "جمعیۃ") == ["جمعیۃ"]


def test_the_lists_fit_together():
    lists = sections("ar_words.txt")
    own = set(map(fold_arabic, lists["words of their own"]))
    double = set(map(fold_arabic, lists["double readings"]))
    assert len(own) > 2000
    assert not own & double
    assert all(word[0] in "وفبلك" for word in own | double)
    assert len(arabic_plurals.listed_keys()) > 3000


_LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهويأإآءئؤةى"


@given(st.text(alphabet=_LETTERS + "\u064b\u064f\u0651\u0640\u200d .", max_size=20))
@settings(max_examples=200, deadline=None)
def test_folding_is_idempotent_and_keeps_a_letter_for_a_letter(word):
    assert fold_arabic(fold_arabic(word)) == fold_arabic(word)
    assert len(fold_arabic(word)) == len(skeleton(word))
    assert same_marks(word, word)


@given(st.text(alphabet=_LETTERS + "\u064b\u0651 ", max_size=20), st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_no_term_raises_and_no_hit_lies_outside(term, kind):
    text = f"قال {term} و{term}"
    for hit in find_term(Arabic().expand(term, kind), tokenize(text)):
        assert 0 <= hit.start < hit.end <= len(text)


@given(st.text(alphabet=_LETTERS[:28], min_size=2, max_size=10), st.sampled_from(Kind))
@settings(max_examples=200, deadline=None)
def test_a_typed_word_finds_itself(word, kind):
    assert find_term(Arabic().expand(word, kind), tokenize(f"في {word}؟"))
