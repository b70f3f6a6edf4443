// How many calls reach each hook, and which of them were refused, by whom and why.

import { byId, el, keyed, shown, text } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

const widths = (node, share) => {
  node.style.width = `${(Math.min(1, Math.max(0, share)) * 100).toFixed(3)}%`;
};

function make({ hook }) {
  const calls = el('span', { class: 'number' });
  const bar = el('i', { class: 'calls' });
  const cut = el('i', { class: 'cut' });
  const said = el('span', { class: 'quiet' });
  const reasons = el('ul', { class: 'reasons' });
  const node = el('div', { class: 'step', 'data-hook': hook },
    el('div', { class: 'row' }, el('span', { title: hook }, format.hook(hook)), el('span', { class: 'track' }, bar, cut), calls),
    said, reasons);
  return { node, calls, bar, cut, said, reasons };
}

function makeReason() {
  const who = el('span', {});
  const bar = el('i', { class: 'cut' });
  const count = el('span', { class: 'number' });
  return { node: el('li', {}, who, el('span', { class: 'track' }, bar), count), who, bar, count };
}

/** The steps of a trade. They are asked once a candidate, the others once a bar or a minute. */
const ofTrade = (hook) => /^(pre-trade|execution)-/.test(hook) && hook !== 'pre-trade-universe-filter';

function outcomes(hook) {
  const parts = ['applied', 'advised', 'observed'].map((name) => [name, hook[name]]);
  const defaulted = Object.entries(hook.defaulted ?? {}).map(([cause, n]) => [`default (${cause})`, n]);
  return [...parts, ...defaulted].filter(([, n]) => n > 0).map(([name, n]) => `${name} ${format.count(n)}`).join(' \u00b7 ');
}

export function start() {
  const body = byId('funnel-body');
  const none = el('p', { class: 'quiet' }, 'No hook was called yet.');
  const list = el('div', { class: 'steps' });
  body.append(none, list);
  store.watch('hooks', (all) => {
    const hooks = all.filter((h) => h.calls > 0);
    const most = (trade) => Math.max(1, ...hooks.filter((h) => ofTrade(h.hook) === trade).map((h) => h.calls));
    const scales = { true: most(true), false: most(false) };
    shown(none, hooks.length === 0);
    keyed(list, hooks, (h) => h.hook, make, (row, h) => {
      const refused = h.refusals.reduce((sum, r) => sum + r.count, 0);
      text(row.calls, format.count(h.calls));
      const scale = scales[ofTrade(h.hook)];
      widths(row.bar, h.calls / scale);
      widths(row.cut, Math.min(h.calls, refused) / scale);
      text(row.said, `${outcomes(h)}${refused > 0 ? ` \u00b7 refused ${format.count(refused)}` : ''}`);
      const reasons = [...h.refusals].sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
      keyed(row.reasons, reasons, (r) => `${r.subsystem} ${r.reason}`, makeReason, (line, r) => {
        text(line.who, `${r.subsystem}: ${r.reason}`);
        text(line.count, `${format.count(r.count)} (${format.share(r.count / h.calls)})`);
        widths(line.bar, r.count / h.calls);
      });
    });
  });
}
