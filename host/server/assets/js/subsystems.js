// One row per subsystem: how it does and what it may do now. A row opens to everything else that is known.

import { change } from './api.js';
import { confirm } from './ask.js';
import { byId, el, keyed, shown, text } from './dom.js';
import { detail } from './detail.js';
import * as format from './format.js';
import { meaning } from './gate.js';
import { meter } from './meter.js';
import * as store from './store.js';

const MODES = [
  ['OFF', 'not asked'],
  ['OBSERVE', 'asked and logged, nothing of it is applied'],
  ['ADVISORY', 'numbers and labels are applied, vetoes and acts are shown'],
  ['ENFORCED', 'applied, as far as the stage lends authority'],
];
const STATES = {
  'off': ['off', ''],
  'serving': ['serving', 'good'],
  'never-called': ['never called', 'note'],
  // What is asked at trades alone is silent for hours: no reason to wake anybody.
  'silent': ['silent', 'note'],
  'failing': ['failing', 'bad'],
  'quarantined': ['quarantined', 'bad'],
};

async function setMode(name, from, mode) {
  const made = await confirm({
    title: `${name}: ${from} \u2192 ${mode}?`,
    words: `${mode} means: ${MODES.find(([m]) => m === mode)[1]}. For the next decision.`,
    yes: `Set ${mode}`,
    danger: MODES.findIndex(([m]) => m === mode) > MODES.findIndex(([m]) => m === from),
    carry: async ({ reason, actor }) => {
      const done = await change('PUT', `/ai/subsystems/${encodeURIComponent(name)}/mode`, { mode, reason, actor });
      store.mergeSubsystems({ [name]: done.subsystem });
      return done.message;
    },
  });
  if (!made) store.set('status', store.get('status'));
}

function chips(parent, s) {
  const make = ({ hook }) => {
    const what = el('span', {});
    return { node: el('li', {}, el('b', {}, format.hook(hook)), ' ', what), what };
  };
  keyed(parent, s.authority ?? [], (a) => a.hook, make, (chip, a) => {
    chip.node.dataset.authority = a.authority;
    chip.node.title = `${a.hook}: ${meaning(a)}`;
    text(chip.what, a.authority);
  });
}

function make(s) {
  const { name } = s;
  const state = el('span', { class: 'badge' });
  const plugin = el('span', { class: 'quiet' });
  const mode = el('select', { 'aria-label': `Mode of ${name}`, on: { change: () => setMode(name, current(name).mode, mode.value) } },
    MODES.map(([value]) => el('option', { value }, value)));
  const hooks = el('ul', { class: 'chips' });
  const answer = el('span', {});
  const calls = el('span', {});
  const faults = el('span', {});
  const fuel = meter();
  const peak = el('span', { class: 'quiet' });
  const shadow = el('span', { class: 'quiet' });
  const more = detail(name);
  const open = el('button', { type: 'button', class: 'open', 'aria-expanded': 'false', 'aria-label': `Details of ${name}` }, '');
  open.addEventListener('click', () => {
    const now = more.node.hidden;
    shown(more.node, now);
    open.setAttribute('aria-expanded', now);
    if (now) more.update(current(name));
  });
  const cell = (label, ...children) => el('div', { class: `cell ${label.replaceAll(' ', '-')}` }, el('span', { class: 'label' }, label), ...children);
  const node = el('div', { class: 'subsystem', 'data-subsystem': name },
    el('div', { class: 'line' },
      el('div', { class: 'cell who' }, el('strong', {}, name), plugin),
      el('div', { class: 'cell state' }, state),
      cell('mode', mode),
      cell('may now', hooks),
      cell('last answer', answer),
      cell('calls', calls, faults),
      cell('fuel', fuel.node, peak),
      cell('shadow', shadow),
      open),
    more.node);
  return { node, state, plugin, mode, hooks, answer, calls, faults, fuel, peak, shadow, more };
}

const current = (name) => store.get('status').subsystems.find((s) => s.name === name);

function update(row, s) {
  const [word, tone] = STATES[s.state] ?? [s.state, ''];
  text(row.state, word);
  row.state.className = `badge ${tone}`;
  row.node.dataset.state = s.state;
  text(row.plugin, `${s.plugin === s.name ? '' : `${s.plugin} `}${s.version} \u00b7 ${format.digest(s.digest)}${s.pinned ? ' \u00b7 pinned' : ''}`);
  // A choice that is being made is not overwritten.
  if (document.activeElement !== row.mode && row.mode.value !== s.mode) row.mode.value = s.mode;
  chips(row.hooks, s);
  text(row.answer, Number.isFinite(s.last_answer_age_ms) ? `${format.span(s.last_answer_age_ms)} ago` : 'never');
  text(row.calls, format.count(s.calls));
  text(row.faults, s.faults > 0 ? `${format.count(s.faults)} faults` : 'no fault');
  row.faults.className = s.faults > 0 ? 'warn' : 'quiet';
  const used = s.fuel_budget > 0 ? s.peak_fuel / s.fuel_budget : 0;
  row.fuel.set(used);
  text(row.peak, s.calls > 0 ? `${format.share(1 - used)} free` : 'not used');
  row.fuel.node.title = `peak ${format.count(s.peak_fuel)} of ${format.count(s.fuel_budget)} per call`;
  text(row.shadow, s.shadow ? `${s.shadow.version}: ${Number.isFinite(s.shadow.disagreement) ? `${format.share(s.shadow.disagreement)} differ` : 'nothing compared'}` : 'none');
  row.shadow.className = s.shadow ? '' : 'quiet';
  if (!row.more.node.hidden) row.more.update(s);
}

export function start() {
  const list = el('div', {});
  const names = ['', '', 'mode', 'may now', 'last answer', 'calls', 'fuel', 'shadow', ''];
  byId('subsystem-list').append(el('div', { class: 'line head', 'aria-hidden': 'true' }, names.map((name) => el('span', { class: 'label' }, name))), list);
  store.watch('status', (status) => keyed(list, status.subsystems, (s) => s.name, make, update));
}
