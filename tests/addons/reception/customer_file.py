"""The Excel file of the story: 500 customers with Chinese headings, 12 of them duplicates, 3 rows wrong."""

import datetime as dt
import io
from random import Random

import openpyxl

HEADINGS = ("姓名", "手机", "来源", "意向", "身份证号", "地址", "需求", "备注")
ROWS, DUPLICATES, WRONG = 500, 12, 3
SOURCES = ("市场调研", "展会", "网络", "来访", "表单", "电话", "邮件", "在线聊天")
FAMILY_NAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
GIVEN_NAMES = "建华志强晓燕雅琴子涵浩然思远嘉欣文博雨桐家豪欣怡俊杰梓萱国庆海燕春梅立新桂英秀英"
NEEDS = ("三居室，南向", "两居室，近地铁", "学区房", "改善型四居室", "临街商铺")
STREETS = ("文三路", "天目山路", "庆春路", "体育场路", "古墩路")
# Customers on file before: whoever has one of these numbers comes twice.
KNOWN = (("钱国庆", "13700000001"), ("孙丽", "13700000002"), ("李建国", "13700000003"), ("周敏", "13700000004"))
# Rows (as Excel counts them, the headings are row 1) whose phone is a customer's above, written another way,
KNOWN_AT = {40: "+86 137-0000-0001", 90: "１３７００００００02", 140: "0086 13700000003", 190: "137 0000 0004"}
# that repeat the phone of an earlier row,
REPEATED_AT = {200: 10, 230: 11, 260: 12, 290: 13, 320: 14, 350: 15}
# or its identity number.
SAME_PERSON_AT = {380: 21, 410: 22}
# Row, column, what is wrong there, what it should be.
WRONG_AT = {
    60: ("手机", "1391234567", "13912345671"),
    160: ("来源", "火星", "展会"),
    360: ("身份证号", "110105194912310021", "11010519491231002X"),
}


def customer_file(*, corrected: bool = False, sources: tuple[str, ...] = SOURCES) -> io.BytesIO:
    """Return the file; `corrected` has the three wrong rows put right, the duplicates stay."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "客户"
    sheet.append(HEADINGS)
    for values in customer_rows(corrected=corrected, sources=sources):
        sheet.append(values)
    target = io.BytesIO()
    book.save(target)
    target.seek(0)
    return target


def customer_rows(*, corrected: bool = False, sources: tuple[str, ...] = SOURCES) -> list[list[str]]:
    """Return the rows without the headings."""
    random = Random(500)
    rows = [_row(random, number, sources) for number in range(2, ROWS + 2)]
    phone, identity = HEADINGS.index("手机"), HEADINGS.index("身份证号")
    for number, typed in KNOWN_AT.items():
        rows[number - 2][phone] = typed
    for number, earlier in REPEATED_AT.items():
        rows[number - 2][phone] = f"+86 {rows[earlier - 2][phone]}"
    for number, earlier in SAME_PERSON_AT.items():
        rows[earlier - 2][identity] = identity_number(number)
        rows[number - 2][identity] = identity_number(number).lower()
    for number, (heading, wrong, right) in WRONG_AT.items():
        rows[number - 2][HEADINGS.index(heading)] = right if corrected else wrong
    return rows


def _row(random: Random, number: int, sources: tuple[str, ...]) -> list[str]:
    place = 2 * random.randrange(len(GIVEN_NAMES) // 2)
    return [
        random.choice(FAMILY_NAMES) + GIVEN_NAMES[place : place + 2],
        f"138{10_000_000 + number * 7:08}",
        random.choice(sources),
        random.choice(("A", "B", "C", "无", "")),
        identity_number(number) if number % 10 == 0 and number not in WRONG_AT else "",
        f"杭州市西湖区{random.choice(STREETS)} {random.randrange(1, 400)} 号",
        random.choice(NEEDS),
        "",
    ]


def identity_number(number: int) -> str:
    """Return an identity number whose check digit is right, different for each number."""
    born = dt.date(1960, 1, 1) + dt.timedelta(days=number * 17)
    body = f"330106{born:%Y%m%d}{number % 1000:03}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    return body + "10X98765432"[total % 11]
