"""Reads `table snapshot` from each line of standard input through the REST catalog at the first
argument; answers each by one line of JSON, columns and rows of tenant `default`."""

import base64
import datetime
import decimal
import json
import sys
import uuid

from pyiceberg.catalog import load_catalog


def value(it):
    match it:
        case datetime.datetime():
            text = it.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")
            micros = f".{it.microsecond:06}" if it.microsecond else ""
            return text + micros.removesuffix("000") + "Z"
        case datetime.date():
            return it.isoformat()
        case decimal.Decimal():
            return float(it)
        case uuid.UUID():
            return str(it)
        case bytes():
            return base64.b64encode(it).decode()
        case list():
            return [value(inner) for inner in it]
        case _:
            return it


lode = load_catalog("lode", type="rest", uri=sys.argv[1])
for line in sys.stdin:
    table, snapshot = line.split()
    scan = lode.load_table(table).scan(
        "tenant_id = 'default'", snapshot_id=int(snapshot) or None
    )
    rows = scan.to_arrow()
    values = [[value(it) for it in row.values()] for row in rows.to_pylist()]
    print(json.dumps({"columns": rows.column_names, "rows": values}), flush=True)
