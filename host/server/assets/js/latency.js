// How long a call of each hook takes, on a scale of powers of ten.

import { byId, el, keyed, shown, text } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

/** The scale's ends, ns. */
const FIRST = 1_000;
const LAST = 100_000_000;
const TICKS = [[1_000, '1 \u00b5s'], [10_000, '10 \u00b5s'], [100_000, '100 \u00b5s'], [1_000_000, '1 ms'], [10_000_000, '10 ms'], [100_000_000, '100 ms']];

/** Place on the scale, 0 to 100. */
export function place(ns) {
  const at = Math.log(Math.max(ns, 1) / FIRST) / Math.log(LAST / FIRST);
  return Math.min(100, Math.max(0, at * 100));
}

function make({ hook }) {
  const range = el('i', { class: 'range' });
  const mark = el('i', { class: 'mark' });
  const cells = ['p50', 'p99', 'longest'].map(() => el('td', { class: 'number' }));
  const node = el('tr', { 'data-hook': hook },
    el('th', { scope: 'row', title: hook }, format.hook(hook)),
    el('td', { class: 'scale' }, el('span', { class: 'track' }, range, mark)),
    cells);
  return { node, range, mark, cells };
}

export function start() {
  const rows = el('tbody', {});
  const ticks = el('span', { class: 'ticks', 'aria-hidden': 'true' }, TICKS.map(([ns, name]) => {
    const tick = el('span', {}, name);
    tick.style.left = `${place(ns)}%`;
    return tick;
  }));
  const table = el('table', { class: 'latency' },
    el('thead', {}, el('tr', {}, el('th', { scope: 'col' }, 'Hook'), el('td', { class: 'scale' }, ticks),
      ['p50', 'p99', 'longest'].map((name) => el('th', { scope: 'col', class: 'number' }, name)))),
    rows);
  const none = el('p', { class: 'quiet' }, 'No plugin was asked yet.');
  byId('latency-body').append(none, table);
  store.watch('hooks', (all) => {
    const hooks = all.filter((h) => h.asked > 0);
    shown(none, hooks.length === 0);
    shown(table, hooks.length > 0);
    keyed(rows, hooks, (h) => h.hook, make, (row, h) => {
      [h.p50_ns, h.p99_ns, h.max_ns].forEach((ns, at) => text(row.cells[at], format.nanos(ns)));
      row.range.style.left = `${place(h.p50_ns)}%`;
      row.range.style.width = `${Math.max(0.5, place(h.max_ns) - place(h.p50_ns))}%`;
      row.mark.style.left = `${place(h.p99_ns)}%`;
    });
  });
}
