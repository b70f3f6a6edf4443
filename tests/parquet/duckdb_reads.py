"""Opens a Parquet export of a journal in DuckDB and asks what people ask.

    python3 -m venv venv && venv/bin/pip install -r tests/parquet/requirements.txt
    bulkhead journal export --parquet FOLDER
    venv/bin/python tests/parquet/duckdb_reads.py FOLDER CALLS DECISIONS ORDERS FILLS EVENTS

The numbers are the rows to expect. Ends with an error when one of them, a type or a join is not as it should be.
"""

import sys

import duckdb

folder, *expected = sys.argv[1:]
names = ["calls", "decisions", "orders", "fills", "events"]
db = duckdb.connect()
for name, rows in zip(names, map(int, expected), strict=True):
    db.execute(f"create view {name} as select * from '{folder}/{name}.parquet'")
    found = db.execute(f"select count(*) from {name}").fetchone()[0]
    assert found == rows, f"{name}: {found} rows instead of {rows}"

types = dict(row[:2] for row in db.execute("describe decisions").fetchall())
for column, kind in {"seq": "UBIGINT", "time": "TIMESTAMP WITH TIME ZONE", "hook": "VARCHAR", "fuel": "UBIGINT"}.items():
    assert types[column] == kind, f"{column} is {types[column]} instead of {kind}"

# Every decision has its call, and an input is JSON that can be looked into.
lone = "select count(*) from decisions d left join calls c using (seq) where c.seq is null or c.hook <> d.hook"
assert db.execute(lone).fetchone()[0] == 0
signals = "select count(*) from calls where hook = 'signal' and json_array_length(input, '$.bars.symbols') > 0"
asked = db.execute("select count(*) from calls where hook = 'signal'").fetchone()[0]
assert db.execute(signals).fetchone()[0] == asked > 0
# What a decision was made by is an instance whose birth is told.
unborn = "select count(*) from decisions where instance > 0 and instance not in (select seq from instances)"
db.execute(f"create view instances as select * from '{folder}/instances.parquet'")
assert db.execute(unborn).fetchone()[0] == 0
filled = "select count(*) from fills f join orders o using (order_id) where o.correlation <> f.correlation"
assert db.execute(filled).fetchone()[0] == 0
print("DuckDB", duckdb.__version__, "read", ", ".join(f"{n} {r}" for n, r in zip(names, expected)))
