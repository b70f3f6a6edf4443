// Numbers, times and names as people read them. All market times are UTC.

const whole = new Intl.NumberFormat('en-US');
const money = new Intl.NumberFormat('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const NONE = '\u2013';

export const count = (n) => (Number.isFinite(n) ? whole.format(n) : NONE);
/** A number with so many digits after the point. */
export const fixed = (n, digits) => n.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
/** USD without the unit, which stands in the label. */
export const usd = (n) => (Number.isFinite(n) ? money.format(n) : NONE);

/** A percentage with `digits` after the point. */
export const percent = (n, digits = 2) => (Number.isFinite(n) ? `${n.toFixed(digits)} %` : NONE);

/** A share of 0 to 1 as a percentage; a small one is not rounded to nothing. */
export function share(n) {
  if (!Number.isFinite(n)) return NONE;
  const part = n * 100;
  return percent(part, part > 0 && part < 1 ? 2 : 1);
}

/** 12 digits tell versions apart. */
export const digest = (d) => (d ? d.slice(0, 12) : '');

/** Epoch ms as `2025-05-05 12:00:00`, UTC. */
export const stamp = (ms) => (ms ? new Date(ms).toISOString().slice(0, 19).replace('T', ' ') : NONE);
export const clock = (ms) => (ms ? new Date(ms).toISOString().slice(11, 19) : NONE);

/** The reader's own time of day. */
export const wall = (date) => date.toLocaleTimeString('en-GB');

const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1_000, 's'],
];

/** A span in its two largest units. */
export function span(ms) {
  if (!Number.isFinite(ms)) return NONE;
  const at = UNITS.findIndex(([unit]) => ms >= unit);
  if (at < 0) return '0 s';
  const [unit, name] = UNITS[at];
  const head = `${Math.floor(ms / unit)} ${name}`;
  const next = UNITS[at + 1];
  const rest = next ? Math.floor((ms % unit) / next[0]) : 0;
  return rest > 0 ? `${head} ${rest} ${next[1]}` : head;
}

/** Time of a call, from ns. */
export function nanos(ns) {
  if (!Number.isFinite(ns)) return NONE;
  if (ns < 1_000) return `${ns} ns`;
  if (ns < 1_000_000) return `${(ns / 1_000).toFixed(ns < 10_000 ? 1 : 0)} \u00b5s`;
  if (ns < 1_000_000_000) return `${(ns / 1_000_000).toFixed(ns < 10_000_000 ? 1 : 0)} ms`;
  return `${(ns / 1_000_000_000).toFixed(1)} s`;
}

export function bytes(n) {
  if (!Number.isFinite(n)) return NONE;
  return n < 1_048_576 ? `${(n / 1024).toFixed(0)} KiB` : `${(n / 1_048_576).toFixed(1)} MiB`;
}

const HOOKS = {
  'signal': 'signal',
  'pre-trade-universe-filter': 'universe',
  'pre-trade-risk-check': 'risk',
  'pre-trade-portfolio-check': 'portfolio',
  'pre-trade-confidence-adjustment': 'confidence',
  'pre-trade-position-sizing': 'sizing',
  'execution-order-type-selection': 'order type',
  'execution-slippage-check': 'slippage',
  'post-trade-position-classification': 'classification',
  'post-trade-amplification-check': 'amplification',
  'portfolio-exposure-check': 'exposure',
  'portfolio-rebalance-recommendations': 'rebalance',
  'periodic-self-healing-check': 'self-healing',
  'periodic-ai-hfos-coordination': 'coordination',
  'exit-levels': 'exit levels',
  'model-evaluation': 'model evaluation',
  'retraining-plan': 'retraining',
};

/** Every hook, in the order of a trade. */
export const HOOK_NAMES = Object.keys(HOOKS);
/** A hook's name where there is little room. */
export const hook = (name) => HOOKS[name] ?? name;
