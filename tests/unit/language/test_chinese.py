"""Chinese: a term stands in any text, traditional or simplified, but not across the edges of words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from marsad.language.base import Kind
from marsad.language.chinese import Chinese
from marsad.language.han import shinjitai, simplified, simplified_from_japanese
from marsad.matching import find


def hits(term: str, text: str, language: str = "zh") -> list[str]:
    return [text[start:end] for start, end in find(language, term, text)]


@pytest.mark.parametrize(
    ("term", "text", "expected"),
    [
        ("俄罗斯", "俄罗斯外交部", ["俄罗斯"]),
        ("俄罗斯", "俄羅斯外交部發言人", ["俄羅斯"]),
        ("俄羅斯", "俄罗斯外交部发言人", ["俄罗斯"]),
        ("台湾", "臺灣海峽、台灣當局、台湾", ["臺灣", "台灣", "台湾"]),
        ("外交部", "外交　部", ["外交　部"]),
        ("外交部", "外交，部", []),
        ("外交部", "外交\n部", []),
        ("习近平", "习 近平主席", ["习 近平"]),
        ("李强", "李 强", []),
        ("人工智能", "AI人工智能", ["人工智能"]),
        ("iPhone手机", "新iPhone 手机、IPHONE手机", ["iPhone 手机", "IPHONE手机"]),
        ("北约", "北约（NATO）", ["北约"]),
        ("NATO", "北约（NATO）表示，NATO将", ["NATO", "NATO"]),
        ("iPhone", "在iPhone上", ["iPhone"]),
        ("2026", "2026年", ["2026"]),
        ("5G", "5G网络", ["5G"]),
        ("G网络", "5G网络", []),
        ("穆罕默德·萨勒曼", "王储穆罕默德·萨勒曼和穆罕默德萨勒曼", ["穆罕默德·萨勒曼", "穆罕默德萨勒曼"]),
        ("穆罕默德萨勒曼", "穆罕默德·萨勒曼", []),
    ],
)
def test_where_a_term_stands(term, text, expected):
    assert hits(term, text) == expected


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("中国", "发展中国家的代表", False),
        ("中国", "中国外交部", True),
        ("中国", "在中国共产党的领导下", True),
        ("人大", "中国人大多喜欢喝茶", False),
        ("人大", "中国人大多数认为", False),
        ("人大", "全国人大常委会", True),
        ("人大", "十四届全国人大三次会议", True),
        ("国会", "法国会议中心", False),
        ("国会", "美国国会山", True),
        ("市长", "南京市长江大桥", False),
        ("海南", "上海南站", False),
        ("海南", "海南省政府", True),
        ("普京", "特朗普京剧团", False),
        ("普京", "俄总统普京表示", True),
        ("国会", "在美國國會大廈", True),
        ("國會", "法國會議中心", False),
        ("小学", "从小学习钢琴", False),
        ("部长", "公安部长江航运公安局", False),
        ("阿拉伯", "沙特阿拉伯王国", False),
        ("部份", "大部份地区", True),
    ],
)
def test_two_characters_are_a_word_where_they_stand(term, text, stands):
    assert bool(hits(term, text)) is stands


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("俄", "俄乌冲突", True),
        ("俄", "俄罗斯", False),
        ("美", "美丽的风景", False),
        ("美", "美前总统表示", True),
    ],
)
def test_one_character_is_a_word_by_itself(term, text, stands):
    assert bool(hits(term, text)) is stands


def test_whoever_watches_one_character_is_told_what_it_finds():
    assert "one character" in Chinese().expand("美", Kind.KEYWORD).hints[0]
    assert Chinese().expand("美国", Kind.KEYWORD).hints == ()


@pytest.mark.parametrize(
    ("term", "text", "stands"),
    [
        ("印度", "印度尼西亚总统", False),
        ("印度", "印度总理", True),
        ("苏丹", "南苏丹局势", False),
        ("几内亚", "几内亚比绍", False),
        ("几内亚", "几内亚政府", True),
        ("罗马", "罗马尼亚总理", False),
        ("罗马", "在罗马举行", True),
        ("香港", "中国香港特别行政区", True),
    ],
)
def test_a_territory_whose_name_is_longer_is_another_one(term, text, stands):
    assert bool(hits(term, text)) is stands


@pytest.mark.parametrize("language", ["en", "ru", "et", "zh", ""])
def test_a_chinese_name_is_found_in_any_item_whatever_it_is_listed_under(language):
    assert hits("习近平", "President Xi (習近平) met", language) == ["習近平"]


def test_the_tables_are_settled():
    for table in (simplified(), shinjitai(), simplified_from_japanese()):
        assert len(table) > 400
        assert all(len(shape) == 1 for shape in table.values())
    for table in (simplified(), shinjitai()):
        assert all(ord(shape) not in table for shape in table.values())
    assert "中華民國總統府發言人".translate(simplified()) == "中华民国总统府发言人"
    assert "渡邊澤國廣髙﨑".translate(shinjitai()) == "渡辺沢国広高崎"
    assert "国会議員発表対策".translate(simplified_from_japanese()) == "国会议员发表对策"


def test_the_word_list_is_loaded_only_where_a_short_term_may_stand():
    code = """
import sys
from marsad.matching import find
find("zh", "俄罗斯", "俄罗斯外交部")
find("ja", "ロシア", "ロシア外務省")
find("zh", "中国", "中国，北京")
print("rjieba" in sys.modules)
find("zh", "中国", "发展中国家")
print("rjieba" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["False", "True"]
