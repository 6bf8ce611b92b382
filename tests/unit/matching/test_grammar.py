"""Reading the watch language: what each form means as a tree, and what a person is told who errs."""

from __future__ import annotations

import pytest

from marsad.errors import WatchSyntaxError
from marsad.matching.grammar import parse_query
from marsad.matching.query import (
    And,
    Chain,
    Count,
    Dated,
    EntityName,
    Not,
    Or,
    Score,
    Source,
    Unless,
    WatchName,
)
from marsad.matching.query import Within as In
from marsad.matching.words import AnyCase, Compound, Exact, Pattern, Prefix, Regex, Related, Term, Wildcard


def shape(query: str) -> str:
    """Return how a query is read, as nested calls."""

    def of(node: object) -> str:
        match node:
            case And(parts=parts):
                return f"AND({', '.join(map(of, parts))})"
            case Or(parts=parts):
                return f"OR({', '.join(map(of, parts))})"
            case Not(part=part):
                return f"NOT({of(part)})"
            case Chain(operands=operands, links=links):
                return f"{'+'.join(map(str, links))}({', '.join(map(of, operands))})"
            case Unless(part=part, spoiler=spoiler, operator=operator):
                return f"{operator}({of(part)}, {of(spoiler)})"
            case In(where=where, part=part):
                return f"{where}({of(part)})"
            case Pattern(parts=parts):
                return f"PATTERN({', '.join(map(of, parts))})"
            case Count(part=part, least=least):
                return f"count>={least}({of(part)})"
            case Score(weights=weights, parts=parts, least=least):
                weighted = zip(weights, map(of, parts), strict=True)
                return f"score>={least}({', '.join(f'{weight}:{part}' for weight, part in weighted)})"
            case Exact(text=text):
                return f"={text}"
            case Prefix(text=text):
                return f"{text}*"
            case Wildcard(text=text):
                return text
            case Regex():
                return str(node)
            case AnyCase(text=text):
                return f"anycase:{text}"
            case Related(text=text):
                return f"related:{text}"
            case Compound(text=text):
                return f"compound:{text}"
            case EntityName(id=identity):
                return f"@{identity}"
            case Source() | WatchName() | Dated():
                return str(node)
            case Term(text=text, name=name):
                return f"name:{text}" if name else text
        raise AssertionError(node)

    return of(parse_query(query).root)


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # terms and phrases
        ("روسيا", "روسيا"),
        ("министр", "министр"),
        ("ministry", "ministry"),
        ('"وزارة الخارجية"', "وزارة الخارجية"),
        ("«министерство иностранных дел»", "министерство иностранных дел"),
        ("“foreign ministry”", "foreign ministry"),
        ("„foreign ministry“", "foreign ministry"),
        ("»foreign ministry«", "foreign ministry"),
        ("«وزارة  الخارجية»", "وزارة الخارجية"),
        ("＂foreign ministry＂", "foreign ministry"),
        ("「外務省」", "外務省"),
        ('ארה"ב', 'ארה"ב'),
        ('"شركة "سونا""', None),
        ("#غزة", "غزة"),
        ("cease-fire", "cease-fire"),
        ("U.S.", "U.S."),
        ("1,000", "1,000"),
        ("AT&T", "AT&T"),
        ("O'Brien", "O'Brien"),
        # Boolean
        ("حماس AND موسكو", "AND(حماس, موسكو)"),
        ("حماس موسكو", "AND(حماس, موسكو)"),
        ("visit OR trip", "OR(visit, trip)"),
        ("визит NOT отпуск", "AND(визит, NOT(отпуск))"),
        ("визит AND NOT отпуск", "AND(визит, NOT(отпуск))"),
        ("visit -trip", "AND(visit, NOT(trip))"),
        ("visit −trip", "AND(visit, NOT(trip))"),
        ("visit NOT NOT trip", "AND(visit, trip)"),
        ("visit (trip OR tour)", "AND(visit, OR(trip, tour))"),
        ("（visit OR trip）tour", "AND(OR(visit, trip), tour)"),
        # precedence: NEAR > NOT > AND > OR
        ("aa OR bb cc", "OR(aa, AND(bb, cc))"),
        ("aa bb OR cc dd", "OR(AND(aa, bb), AND(cc, dd))"),
        ("aa NOT bb NEAR/3 cc", "AND(aa, NOT(NEAR/3(bb, cc)))"),
        ("aa AND bb NEAR/3 cc OR dd", "OR(AND(aa, NEAR/3(bb, cc)), dd)"),
        ("-aa bb", "AND(NOT(aa), bb)"),
        ("(aa OR bb) OR cc", "OR(aa, bb, cc)"),
        ("aa AND (bb AND cc)", "AND(aa, bb, cc)"),
        # nearness
        ("حماس NEAR/10 موسكو", "NEAR/10(حماس, موسكو)"),
        ("aa NEAR bb", "NEAR/4(aa, bb)"),
        ("aa NEAR/5 bb ONEAR/2 cc", "NEAR/5+ONEAR/2(aa, bb, cc)"),
        ("(aa OR bb) NEAR/0 cc", "NEAR/0(OR(aa, bb), cc)"),
        ("(aa NEAR/2 bb) NEAR/9 cc", "NEAR/9(NEAR/2(aa, bb), cc)"),
        ('"foreign ministry"~5', "NEAR/5(foreign, ministry)"),
        ("«وزارة الخارجية»~2", "NEAR/2(وزارة, الخارجية)"),
        # exact, name, prefix
        ('="US"', "=US"),
        ("exact:US", "=US"),
        ("exact:«США и НАТО»", "=США и НАТО"),
        ("name:حماس", "name:حماس"),
        ('name:"Maria Zakharova"', "name:Maria Zakharova"),
        ("minist*", "minist*"),
        ("استدع*", "استدع*"),
        ('"foreign minist*"', "PATTERN(foreign, minist*)"),
        ("wom?n", "wom?n"),
        ("организаци?", "организаци?"),
        ("organi?ation*", "organi?ation*"),
        ('"wom?n minist*"', "PATTERN(wom?n, minist*)"),
        ("related:Россия", "related:Россия"),
        ('related:"United States"', "related:United States"),
        ("compound:bank", "compound:bank"),
        (r"/colou?r/", "/colou?r/"),
        (r"/(عبد|أبو) \w+/i visit", r"AND(/(عبد|أبو) \w+/i, visit)"),
        (r"title:/a\/b OR c/", r"title(/a\/b OR c/)"),
        (r"/\bCOP-?\d{2}\b/ NEAR/3 aa", r"NEAR/3(/\bCOP-?\d{2}\b/, aa)"),
        ("anycase:Apple", "anycase:Apple"),
        ('anycase:"Apple Watch"', "anycase:Apple Watch"),
        ("anycase:US", "anycase:US"),
        # entities, fields, sources
        ("@zakharova", "@zakharova"),
        ("entity:zakharova", "@zakharova"),
        ("title:визит", "title(визит)"),
        ("title:(aa OR bb)", "title(OR(aa, bb))"),
        ('lead:"foreign ministry"', "lead(foreign ministry)"),
        ("content:@hamas", "content(@hamas)"),
        ("watch:hamas -visit", "AND(watch:hamas, NOT(visit))"),
        ("summary:aa author:bb", "AND(summary(aa), author(bb))"),
        ("title:(aa NEAR/3 bb)", "title(NEAR/3(aa, bb))"),
        ("aa lang:ar feed:tass tag:wire", "AND(aa, lang:ar, feed:tass, tag:wire)"),
        ("aa lang:ar-EG", "AND(aa, lang:ar)"),
        ("aa site:www.TASS.com country:ru rank:1", "AND(aa, site:tass.com, country:RU, rank:1)"),
        ("aa site:кремль.рф", "AND(aa, site:xn--e1ajeds9e.xn--p1ai)"),
        ("aa category:Politics", "AND(aa, category:Politics)"),
        ('aa category:"Middle  East" -category:«ab»', 'AND(aa, category:"Middle East", NOT(category:ab))'),
        ("aa date:7d", "AND(aa, date:7d)"),
        ("aa date:2026-11-09..2026-11-22", "AND(aa, date:2026-11-09..2026-11-22)"),
        ("aa -date:2026-11-09.. date:..2026-11-30", "AND(aa, NOT(date:2026-11-09..), date:..2026-11-30)"),
        ("aa -tag:wire", "AND(aa, NOT(tag:wire))"),
        # measures
        ("count(visit) >= 3", "count>=3(visit)"),
        ("count ( visit OR trip )≥2 AND aa", "AND(count>=2(OR(visit, trip)), aa)"),
        ("title:count(@hamas) >= 2", "title(count>=2(@hamas))"),
        ("NOT count(aa) >= 2 bb", "AND(NOT(count>=2(aa)), bb)"),
        ("score(3: brucell*, 2: flood, -5: film) >= 5", "score>=5(3:brucell*, 2:flood, -5:film)"),
        ("score(3: aa bb, 1: cc OR dd، 1: «ee, ff»)>=4", "score>=4(3:AND(aa, bb), 1:OR(cc, dd), 1:ee, ff)"),
        ("score(2:@un,1:1,000, 1:title:aa,1:exact:bb) >= 2", "score>=2(2:@un, 1:1,000, 1:title(aa), 1:=bb)"),
        ("score(1: score(1: aa) >= 1) >= 1", "score>=1(1:score>=1(1:aa))"),
        ("count", "count"),
        ("score count", "AND(score, count)"),
        # comments, white space, invisible marks
        ("aa // a comment\nOR bb", "OR(aa, bb)"),
        ("aa # a comment", "aa"),
        ("\n aa\t\u00a0bb \u200f", "AND(aa, bb)"),
        ("\u202baa\u202c OR bb", "OR(aa, bb)"),
    ],
)  # fmt: skip
def test_how_a_query_is_read(query, expected):
    if expected is None:
        with pytest.raises(WatchSyntaxError):
            parse_query(query)
    else:
        assert shape(query) == expected
        assert shape(str(parse_query(query))) == expected


@pytest.mark.parametrize(
    ("query", "column", "told"),
    [
        ("", 1, "the query is empty (write at least one term)"),
        (" // only a comment", 1, "the query is empty"),
        # parentheses and quotation marks
        ("(aa OR bb", 1, "this parenthesis is never closed (add ) where the group ends)"),
        ("aa) OR bb", 3, "this parenthesis closes nothing (remove it, or open one before)"),
        ("aa ()", 4, "the parentheses are empty"),
        ('aa "bb cc', 4, 'this quotation mark is never closed (add ")'),
        ("aa «bb", 4, "this quotation mark is never closed (add »)"),
        ('aa ""', 4, "the quotation marks are empty"),
        # operators without what they join
        ("aa AND", 4, "nothing follows AND (add a term after it)"),
        ("AND aa", 1, "AND has no term before it (write a term on each side)"),
        ("(OR aa)", 2, "OR has no term before it"),
        ("aa OR OR bb", 7, "OR is followed by OR (write a term between them)"),
        ("(aa OR) bb", 5, "nothing follows OR"),
        ("aa NEAR/3 NOT bb", 11, "NOT cannot be an operand of NEAR/3 (write a NOT NEAR/5 b"),
        ("NEAR/3 aa", 1, "NEAR/3 has no term before it"),
        # distances
        ("aa NEAR/x bb", 4, "NEAR needs a number from 0 to 100 (write NEAR/5)"),
        ("aa NEAR/101 bb", 4, "NEAR needs a number from 0 to 100"),
        ("aa ONEAR/-1 bb", 4, "ONEAR needs a number from 0 to 100"),
        ("aa NEAR/5f bb", 4, "(for this order of the words write ONEAR/5)"),
        ("aa NOT NEAR/x bb", 4, "NOT NEAR needs a number"),
        ('"aa bb"~x', 1, '"…"~ needs a number'),
        ('"aa"~3', 1, "~ needs two words"),
        # other query languages
        ("aa w/5 bb", 4, '"w/5" is no operator (write NEAR/5)'),
        ("aa pre/3 bb", 4, "(write ONEAR/3)"),
        ("aa near/5 bb", 4, '"near/5" is no operator (write NEAR/5, in capitals)'),
        ("aa and bb", 4, '"and" in small letters is no operator, and too common to be a term (write AND)'),
        ("aa && bb", 4, '"&&" is no operator (write AND)'),
        ("aa | bb", 4, '"|" is no operator (write OR)'),
        ("aa !bb", 4, '"!" is no operator (write NOT)'),
        ("aa +bb", 4, '"+" is no operator (write AND)'),
        ("визит И поездка", 7, '"И" is no operator (write AND'),
        ("визит ИЛИ поездка", 7, "(write OR; for the word itself write"),
        ("raw:US", 1, 'no field is called "raw" (for a word exactly as typed write exact:US or ="US")'),
        ("aa, bb", 3, '"," separates nothing here (write OR for either, AND for both)'),
        ("حماس، موسكو", 5, '"،" separates nothing here'),
        ("[aa]", 1, '"[" means nothing here (groups stand in ( ))'),
        ("aa~2", 3, '"~" means nothing after a word'),
        ("aa^2", 3, '"^" means nothing in a word'),
        ("aa=bb", 3, '"=" stands before a word, not in it'),
        # fields
        ("titel:aa", 1, 'no field is called "titel" (did you mean title:?'),
        ("xyzzy:aa", 1, "(fields are title:, summary:, content:, author:, lead:"),
        ("title: aa", 1, "nothing follows title: (write title: and its word without a space between)"),
        ("title:", 1, "nothing follows title:"),
        ("title:(aa lang:ar)", 11, "lang:ar is about the source, not about text (write it outside title:)"),
        ("title:(aa content:bb)", 11, "content: stands inside title:"),
        ("aa NEAR/3 lang:ar", 11, "lang:ar is about the source, not about text (join it with AND instead)"),
        ("aa NEAR/3 (bb AND cc)", 12, "AND inside an operand of NEAR/3"),
        ("aa NEAR/3 (bb cc)", 12, "AND inside an operand of NEAR/3"),
        ("aa EXCEPT (NOT bb)", 12, "NOT inside an operand of EXCEPT"),
        ("aa lang:arabic", 4, '"arabic" is no language code (write two letters, such as lang:ar)'),
        ("aa feed:(a OR b)", 4, "feed: takes one value (write (feed:one OR feed:other)"),
        ("aa site:https://tass.com/rss", 4, '"https://tass.com/rss" is no name of a site (write its host'),
        ("aa site:tass", 4, '"tass" is no name of a site (write its host, as in site:tass.com)'),
        ("aa country:Russia", 4, '"RUSSIA" is no code of a country (write two letters, such as country:EG)'),
        ("aa rank:4", 4, '"4" is no rank (a feed has the rank 1, 2 or 3)'),
        ('aa category:""', 4, "category: names nothing (write it as the feed does"),
        ("aa date:soon", 4, '"soon" is neither a time nor a date (write date:7d, date:2026-11-09 or'),
        ("aa date:2026-13-01", 4, '"2026-13-01" is neither a time nor a date'),
        ("aa date:..", 4, '".." is neither a time nor a date'),
        ("aa date:2026-11-22..2026-11-09", 4, "2026-11-22 is after 2026-11-09 (write the earlier date"),
        ("date:7d", 1, "date:7d could match without any term"),
        ("title:(aa date:7d)", 11, "date:7d is about the source, not about text"),
        ("aa feed:t/s", 4, '"t/s" is no id of a feed'),
        ("@", 1, "an entity is named by its id (write an id of entities.toml, as in @hamas)"),
        ("@حماس", 1, '"حماس" is no id of an entity'),
        ("aa watch:x/y", 4, '"x/y" is no id of a watch (write an id of watches.toml, as in watch:hamas)'),
        ("http://a.example/", 1, "a link is no term"),
        # measures
        ("count(aa)", 9, "count( ) needs a number to reach (write count(…) >= 3)"),
        ("count(aa) > 2", 11, '">" cannot follow count( ) (write count(…) >= 3)'),
        ("count(aa) >= x", 11, "count( ) needs a number from 1 to 9999"),
        ("count(aa) >= 0", 11, "count( ) needs a number from 1 to 9999"),
        ("count() >= 2", 1, "the parentheses are empty"),
        ("count(aa bb) >= 2", 7, "AND inside an operand of count( )"),
        ("count(count(aa) >= 2) >= 2", 7, "count(aa) >= 2 stands at no place of the text"),
        ("count(aa >= 2", 10, '">=" compares nothing here (write it after count(…) or score(…))'),
        ("count(aa OR bb", 1, "this parenthesis is never closed"),
        ("score(aa) >= 2", 7, "each part of score( ) has a weight (as in score(3: flood, -2: film) >= 3)"),
        ("score(3: aa, bb) >= 2", 14, "each part of score( ) has a weight"),
        ("score(3: aa,) >= 2", 13, "each part of score( ) has a weight"),
        ("score(3:) >= 2", 7, "nothing follows 3:"),
        ("score(3: aa, 2: bb)", 19, "score( ) needs a number to reach"),
        ("score(3: lang:ar, 2: aa) >= 3", 1, "could match without any term"),
        ("aa NEAR/3 score(3: bb) >= 2", 11, "stands at no place of the text (join it with AND instead)"),
        # terms that would find nothing, or everything
        ("x", 1, '"x" is one letter: it would find nearly everything (write a longer term)'),
        ("…", 1, '"…" holds no letter and no digit (write a word)'),
        ("the", 1, '"the" stands in nearly every text (leave it out, or put it into a phrase'),
        ("в", 1, "is one letter"),
        ("aa من", 4, '"من" stands in nearly every text'),
        ("mi*", 1, "mi* would find too much (give at least 3 letters before *)"),
        ("wo?*", 1, "wo?* would find too much (give at least 3 letters beside ?)"),
        ("?", 1, "wo"),
        ("中国?人", 1, "? stands for one letter of a word"),
        ("cease-f?re", 1, "? stands for one letter of a word"),
        ("compound:«central bank»", 1, "compound: takes one word (as in compound:bank)"),
        ("compound:eu", 1, "eu would find too much (give at least 3 letters)"),
        ("/abc", 1, "this regular expression is never closed (add / at its end)"),
        ("aa /ab(c/", 4, "the regular expression cannot be read: missing ): ab(c"),
        (r"/(?=abc)/", 1, "(look-around and back-references are not known)"),
        (r"/(a)\1/", 1, "the regular expression cannot be read: invalid escape sequence"),
        ("/a*/", 1, "the regular expression finds the empty text (it must need a letter)"),
        ("/./", 1, "the regular expression finds nearly everything (name some letters in it)"),
        (r"/\w+/", 1, "finds nearly everything"),
        (r"/ab\bc/", 1, r"\b stands at the edge of the whole expression only"),
        (r"/[\W]ab/", 1, r"\W cannot stand in brackets"),
        ("/abc/x", 6, '"x" is no flag of a regular expression (write /…/, or /…/i to ignore case)'),
        ("/" + "a" * 501 + "/", 1, "the regular expression is 501 characters long (at most 500"),
        ("/(a{900}){900}/", 1, "the regular expression cannot be read"),
        ("/(((a{30}){30}){30})b/", 1, "the regular expression cannot be read"),
        ("aa /5 bb", 4, '"/5" is no operator (write NEAR/5)'),
        ("*ministry", 1, "* stands at the end of a word only"),
        ("name:minist*", 1, "a prefix cannot be a name"),
        # NOT alone, sources alone
        ("NOT aa", 1, "NOT aa could match without any term (add a term that must be there"),
        ("aa OR NOT bb", 7, "NOT bb could match without any term"),
        ("NOT aa NOT bb", 1, "could match without any term"),
        ("feed:tass", 1, "feed:tass could match without any term (add a term, joined by AND; or say all"),
        ("aa OR tag:wire", 7, "tag:wire could match without any term"),
        # limits
        ("a" * 101, 1, "too long (at most 40, of 100 letters each)"),
        ('"' + "ab " * 41 + '"', 1, "a phrase of 41 words is too long"),
        (" OR ".join(f"a{n}" for n in range(2001)), 16891, "more than 2,000 terms (list the names in an"),
        ("aa EXCEPT bb" + " EXCEPT cc" * 120, 221, "deep (write several exceptions as one group"),
        ("aa\x00bb", 3, "a control character (\\x00) stands here"),
        ("aa \ud800", 4, "a control character (\\ud800) stands here"),
    ],
)  # fmt: skip
def test_a_mistake_names_its_column_and_what_to_write(query, column, told):
    with pytest.raises(WatchSyntaxError) as caught:
        parse_query(query)
    assert told in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("query", "column", "told"),
    [
        (
            "aa OR bb AND cc",
            1,
            "AND and OR are mixed without parentheses (AND binds first: it is read as aa OR (bb",
        ),
        ("aa (bb OR cc dd)", 5, "AND and OR are mixed without parentheses"),
        ("aa \u200fbb", 4, "invisible direction marks in the query are ignored"),
        ("Mосква", 1, '"Mосква" mixes Cyrillic and Latin letters (some of them look alike'),
        ('"Smith, Jones"', 1, "crosses punctuation, which a phrase never does"),
        ("Near", 1, '"Near" is taken as a word (the operator is written NEAR)'),
    ],
)
def test_what_is_doubtful_is_a_warning_with_its_column(query, column, told):
    (warning,) = parse_query(query).warnings
    assert told in str(warning)
    assert warning.column == column


@pytest.mark.parametrize("query", ["aa OR bb", "aa bb -cc", "(aa OR bb) cc", "COVID-19", "AT&T", "МИД США"])
def test_what_is_plain_has_no_warning(query):
    assert parse_query(query).warnings == ()


def test_columns_are_those_of_what_was_typed_with_its_invisible_marks():
    with pytest.raises(WatchSyntaxError) as caught:
        parse_query("\u202bحماس\u202c AND (موسكو")
    assert caught.value.column == 12
    query = parse_query("\u200faa OR \u200f@hamas")
    assert [node.column for node in query.nodes()] == [2, 2, 9]
