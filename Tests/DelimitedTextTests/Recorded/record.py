"""Records what DuckDB's strict CSV reader makes of small random texts, as strict_csv.json beside this file.

Needs the package duckdb (1.5.5). Texts that DuckDB refuses are left out, as are the kinds where the reader of this
project differs on purpose, because DuckDB drops data without a word: a line with a comment after a space, which DuckDB
passes over even if fields come before it; a surplus field of NUL bytes; an opened quote and an escape at the very end.
The text that stands for NULL is one that is in no file, as where Ingot reads: with an empty one, DuckDB would take an
empty line for a record where records have one field.
"""

import json
import pathlib
import random

import duckdb

connection = duckdb.connect()


def read(text, case):
    path = pathlib.Path("/tmp/recorded.csv")
    path.write_bytes(text)
    columns = ",".join(f"'c{i}':'VARCHAR'" for i in range(case["fields"]))
    options = {key: case[key] or "" for key in ("delimiter", "quote", "escape")}
    sql = "SELECT * FROM read_csv($path, auto_detect=false, strict_mode=true, header=false, nullstr='~no~null~'"
    sql += ", columns={%s}" % columns
    for option, value in options.items():
        name = "delim" if option == "delimiter" else option
        sql += f", {name}='{value.replace(chr(39), chr(39) * 2)}'"
    if case["comment"]:
        sql += f", comment='{case['comment']}'"
    try:
        return [[value or "" for value in row] for row in connection.execute(sql + ")", {"path": str(path)}).fetchall()]
    except duckdb.Error:
        return None


def text(case, newline):
    delimiter, quote, escape = case["delimiter"], case["quote"], case["escape"]
    alphabet = ["a", "b", "é", " ", "\\", newline, delimiter, delimiter] + ([quote] * 2 if quote else [])
    if case["comment"]:
        alphabet += [" ", case["comment"]]
    if random.random() < 0.3:
        return "".join(random.choice(alphabet) for _ in range(random.randint(0, 14)))
    rows = []
    for _ in range(random.randint(1, 5)):
        row = []
        for _ in range(case["fields"] if random.random() < 0.9 else case["fields"] + 1):
            source = alphabet if random.random() < 0.4 else ["a", "b"]
            field = "".join(random.choice(source) for _ in range(random.randint(0, 4)))
            if quote and random.random() < 0.5:
                if escape == quote:
                    field = field.replace(quote, quote * 2)
                elif escape:
                    field = field.replace(escape, escape * 2).replace(quote, escape + quote)
                else:
                    field = field.replace(quote, "")
                field = quote + field + quote
            row.append(field)
        rows.append(delimiter.join(row))
    return newline.join(rows) + random.choice(["", newline, newline * 2])


def main():
    random.seed(20260131)
    cases = []
    while len(cases) < 500:
        quote = random.choice(['"', '"', "'", None])
        case = {
            "fields": random.choice([1, 2, 3]),
            "delimiter": random.choice([",", ",", "|", "||", " ", "\t", "§"]),
            "quote": quote,
            "escape": random.choice([quote, "\\", None]) if quote else None,
            "comment": random.choice([None, None, "#"]),
        }
        sample = text(case, random.choice(["\n", "\n", "\r\n", "\r"]))
        rows = read(sample.encode(), case)
        if rows is None or len(sample) < 3 or " #" in sample or sample.endswith(case["escape"] or "\\"):
            continue
        cases.append(case | {"text": sample, "rows": rows})
    target = pathlib.Path(__file__).with_name("strict_csv.json")
    lines = ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases)
    target.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


main()
