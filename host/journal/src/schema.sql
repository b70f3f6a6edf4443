CREATE TABLE head (
  -- the end of the chain and how many rows there are of each kind; one row
  id INTEGER PRIMARY KEY CHECK (id = 1),
  seq INTEGER NOT NULL,
  hash BLOB NOT NULL,
  calls INTEGER NOT NULL,
  decisions INTEGER NOT NULL,
  orders INTEGER NOT NULL,
  fills INTEGER NOT NULL,
  events INTEGER NOT NULL,
  plugins INTEGER NOT NULL,
  symbols INTEGER NOT NULL,
  meta INTEGER NOT NULL
);
CREATE TABLE names (
  -- what the small numbers of the other tables mean
  kind TEXT NOT NULL,
  id INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;
CREATE TABLE meta (
  -- metadata of a run, written when the ledger is opened
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE TABLE symbols (
  -- a symbol's id and name from this seq on
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  id INTEGER NOT NULL,
  name TEXT NOT NULL
);
CREATE TABLE plugins (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  ref INTEGER NOT NULL UNIQUE,   -- what decisions.plugin holds
  subsystem TEXT NOT NULL,
  plugin TEXT NOT NULL,
  version TEXT NOT NULL,
  digest TEXT NOT NULL,          -- sha-256 of the component, hex
  wit_version TEXT NOT NULL,
  config_digest TEXT NOT NULL    -- sha-256 of its configuration, hex
);
CREATE TABLE calls (
  -- one row per hook call; u64 columns hold the same 64 bits, so 2^63 and more shows as negative
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  event_time_ms INTEGER NOT NULL,
  cycle INTEGER NOT NULL,
  hook INTEGER NOT NULL,
  symbol INTEGER,
  correlation INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  brake INTEGER NOT NULL,
  risk_mode INTEGER NOT NULL,
  directive_id INTEGER,
  directive_age_ms INTEGER,
  outcome INTEGER NOT NULL,
  cause INTEGER,
  duration_ns INTEGER NOT NULL,
  input BLOB NOT NULL,           -- postcard of the hook's input
  effective BLOB NOT NULL        -- postcard of the answer that took effect
);
CREATE TABLE decisions (
  -- one row per subsystem asked; id = seq of the call * 65536 + position in the chain
  id INTEGER PRIMARY KEY,
  plugin INTEGER NOT NULL,
  mode INTEGER NOT NULL,
  authority INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  cause INTEGER,
  reason INTEGER,
  fault TEXT,
  fuel INTEGER NOT NULL,
  duration_ns INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  proposed BLOB,                 -- postcard of what the plugin said
  effective BLOB NOT NULL,       -- postcard of the chain's answer after it
  call_seq INTEGER AS (id >> 16) VIRTUAL,
  position INTEGER AS (id & 65535) VIRTUAL
);
CREATE TABLE orders (
  -- a number that is not one is the text NaN
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  event_time_ms INTEGER NOT NULL,
  correlation INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  symbol INTEGER NOT NULL,
  side INTEGER NOT NULL,
  reduce_only INTEGER NOT NULL,
  order_type INTEGER NOT NULL,
  quantity REAL NOT NULL,
  price REAL,
  notional_usd REAL NOT NULL,
  verdict TEXT NOT NULL,
  text TEXT NOT NULL
);
CREATE TABLE fills (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  event_time_ms INTEGER NOT NULL,
  correlation INTEGER NOT NULL,
  order_id INTEGER NOT NULL,
  symbol INTEGER NOT NULL,
  side INTEGER NOT NULL,
  quantity REAL NOT NULL,
  price REAL NOT NULL,
  fee_usd REAL NOT NULL,
  slippage_bps REAL NOT NULL,
  realized_pnl_usd REAL NOT NULL,
  maker INTEGER NOT NULL,
  liquidation INTEGER NOT NULL
);
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  event_time_ms INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  actor TEXT NOT NULL,
  text TEXT NOT NULL,
  data TEXT NOT NULL
);

-- Indexes that grow at their end or hold the few rows people look for: cheap to keep.
CREATE INDEX calls_time ON calls (event_time_ms);
CREATE INDEX calls_correlation ON calls (correlation) WHERE correlation <> 0;
CREATE INDEX calls_defaulted ON calls (cause) WHERE cause IS NOT NULL;
CREATE INDEX decisions_defaulted ON decisions (cause) WHERE cause IS NOT NULL;
CREATE INDEX orders_correlation ON orders (correlation);
CREATE INDEX fills_correlation ON fills (correlation);

-- For people with the sqlite3 shell: names instead of numbers, no blobs.
CREATE VIEW call AS
SELECT c.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.event_time_ms / 1000.0, 'unixepoch') AS time,
  c.cycle,
  (SELECT name FROM names WHERE kind = 'hook' AND id = c.hook) AS hook,
  (SELECT name FROM symbols s WHERE s.id = c.symbol AND s.seq < c.seq ORDER BY s.seq DESC LIMIT 1) AS symbol,
  (SELECT name FROM names WHERE kind = 'outcome' AND id = c.outcome) AS outcome,
  (SELECT name FROM names WHERE kind = 'cause' AND id = c.cause) AS cause,
  c.correlation,
  (SELECT name FROM names WHERE kind = 'stage' AND id = c.stage) AS stage,
  (SELECT name FROM names WHERE kind = 'brake' AND id = c.brake) AS brake,
  (SELECT name FROM names WHERE kind = 'risk-mode' AND id = c.risk_mode) AS risk_mode,
  c.directive_id, c.directive_age_ms, c.duration_ns,
  length(c.input) AS input_bytes,
  c.event_time_ms
FROM calls c;
CREATE VIEW decision AS
SELECT d.call_seq, d.position,
  strftime('%Y-%m-%dT%H:%M:%fZ', c.event_time_ms / 1000.0, 'unixepoch') AS time,
  c.cycle,
  (SELECT name FROM names WHERE kind = 'hook' AND id = c.hook) AS hook,
  (SELECT name FROM symbols s WHERE s.id = c.symbol AND s.seq < c.seq ORDER BY s.seq DESC LIMIT 1) AS symbol,
  p.subsystem, p.plugin, p.version,
  (SELECT name FROM names WHERE kind = 'mode' AND id = d.mode) AS mode,
  (SELECT name FROM names WHERE kind = 'authority' AND id = d.authority) AS authority,
  (SELECT name FROM names WHERE kind = 'outcome' AND id = d.outcome) AS outcome,
  (SELECT name FROM names WHERE kind = 'cause' AND id = d.cause) AS cause,
  (SELECT name FROM names WHERE kind = 'reason' AND id = d.reason) AS reason,
  d.fault, d.fuel, d.duration_ns, d.memory_bytes,
  p.digest, p.config_digest, c.correlation, c.event_time_ms
FROM decisions d JOIN calls c ON c.seq = d.call_seq LEFT JOIN plugins p ON p.ref = d.plugin;
CREATE VIEW order_request AS
SELECT o.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', o.event_time_ms / 1000.0, 'unixepoch') AS time,
  o.order_id, o.correlation,
  (SELECT name FROM symbols s WHERE s.id = o.symbol AND s.seq < o.seq ORDER BY s.seq DESC LIMIT 1) AS symbol,
  (SELECT name FROM names WHERE kind = 'side' AND id = o.side) AS side,
  o.reduce_only,
  (SELECT name FROM names WHERE kind = 'order-type' AND id = o.order_type) AS order_type,
  o.quantity, o.price, o.notional_usd, o.verdict, o.text
FROM orders o;
CREATE VIEW fill AS
SELECT f.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', f.event_time_ms / 1000.0, 'unixepoch') AS time,
  f.order_id, f.correlation,
  (SELECT name FROM symbols s WHERE s.id = f.symbol AND s.seq < f.seq ORDER BY s.seq DESC LIMIT 1) AS symbol,
  (SELECT name FROM names WHERE kind = 'side' AND id = f.side) AS side,
  f.quantity, f.price, f.fee_usd, f.slippage_bps, f.realized_pnl_usd, f.maker, f.liquidation
FROM fills f;
CREATE VIEW event AS
SELECT e.seq,
  strftime('%Y-%m-%dT%H:%M:%fZ', e.event_time_ms / 1000.0, 'unixepoch') AS time,
  (SELECT name FROM names WHERE kind = 'event' AND id = e.kind) AS kind,
  e.actor, e.text, e.data
FROM events e;
