// Numbers, times and names as people read them. All times are UTC.

const NONE = '\u2013';
const whole = new Intl.NumberFormat('en-US');
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const round = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const known = (n) => typeof n === 'number' && Number.isFinite(n);

const count = (n) => (known(n) ? whole.format(n) : NONE);
const usd = (n) => (known(n) ? money.format(n).replace('-', '\u2212') : NONE);
const signed = (n) => (known(n) ? `${n > 0 ? '+' : ''}${usd(n)}` : NONE);
const percent = (n, digits = 2) => (known(n) ? `${n.toFixed(digits)}\u00a0%` : NONE);
const share = (part, all) => (all > 0 ? percent((part / all) * 100, 1) : NONE);
const stamp = (ms) => (ms ? new Date(ms).toISOString().slice(0, 16).replace('T', ' ') : NONE);

function nanos(ns) {
  if (!known(ns)) return NONE;
  if (ns < 1e6) return `${(ns / 1e3).toFixed(1)} \u00b5s`;
  return `${(ns / 1e6).toFixed(1)} ms`;
}

function span(ms) {
  const minutes = Math.round(ms / 60000);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 1440) return minutes % 60 === 0 ? `${minutes / 60} h` : `${(minutes / 60).toFixed(1)} h`;
  return minutes % 1440 === 0 ? `${minutes / 1440} d` : `${(minutes / 1440).toFixed(1)} d`;
}

const HOOKS = {
  'signal': 'signal', 'pre-trade-universe-filter': 'universe', 'pre-trade-risk-check': 'risk',
  'pre-trade-portfolio-check': 'portfolio', 'pre-trade-confidence-adjustment': 'confidence',
  'pre-trade-position-sizing': 'sizing', 'execution-order-type-selection': 'order type',
  'execution-slippage-check': 'slippage', 'post-trade-position-classification': 'classification',
  'post-trade-amplification-check': 'amplification', 'portfolio-exposure-check': 'exposure',
  'portfolio-rebalance-recommendations': 'rebalance', 'periodic-self-healing-check': 'self-healing',
  'periodic-ai-hfos-coordination': 'coordination',
};
const hookName = (name) => HOOKS[name] ?? name;

const isRecord = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

/** Of two records only the fields that differ, of two lists only the items that the other has not; anything else as it is. */
function apart(before, after) {
  if (Array.isArray(before) && Array.isArray(after)) {
    const without = (list, other) => {
      const known = new Set(other.map((item) => JSON.stringify(item)));
      return list.filter((item) => !known.has(JSON.stringify(item)));
    };
    const [left, right] = [without(before, after), without(after, before)];
    return left.length + right.length > 0 ? [left, right] : [before, after];
  }
  if (!isRecord(before) || !isRecord(after)) return [before, after];
  const [left, right] = [{}, {}];
  for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (JSON.stringify(before[name]) === JSON.stringify(after[name])) continue;
    [left[name], right[name]] = apart(before[name], after[name]);
  }
  return [left, right];
}

/** A value of the configuration without the quotes of TOML. */
const bare = (text) => text.replace(/^"(.*)"$/, '$1');

/** An answer on as few lines as it needs. */
function answer(value) {
  if (value === null || value === undefined) return 'no answer';
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  const flat = JSON.stringify(value);
  return flat.length <= 160 ? flat : JSON.stringify(value, null, 1);
}
