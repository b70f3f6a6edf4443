// Everything else about a subsystem, and changing its version.

import { change } from './api.js';
import { confirm, tick } from './ask.js';
import { el, shown, text } from './dom.js';
import * as format from './format.js';
import { meaning } from './gate.js';
import { pretty } from './pretty.js';
import * as store from './store.js';

/** What can be done. `downgrade`: a lower version number may be meant; `when`: whether it makes sense now. */
const OPERATIONS = {
  reload: { words: 'Its file is read again and tried step by step. Whatever fails changes nothing.', downgrade: true },
  rollback: { words: 'The version before comes back, and the one that serves now is set aside.' },
  pin: { words: 'The version that serves stays, whatever its file holds.', when: (s) => !s.pinned },
  unpin: { words: 'The pin is let go of, and its file is tried again.', when: (s) => Boolean(s.pinned) },
  shadow: { words: 'What its file holds runs beside it, is asked the same, and is never applied.', when: (s) => !s.shadow },
  unshadow: { words: 'The candidate in the shadow ends.', when: (s) => Boolean(s.shadow) },
  promote: { words: 'The candidate in the shadow serves, if it meets every rule of promotion.', downgrade: true, when: (s) => Boolean(s.shadow) },
  release: { words: 'It leaves quarantine and serves without strikes.', when: (s) => s.quarantined },
};

async function operate(name, operation) {
  const { words, downgrade } = OPERATIONS[operation];
  const lower = tick('A lower version number is meant');
  await confirm({
    title: `${name}: ${operation}?`,
    words,
    yes: operation[0].toUpperCase() + operation.slice(1),
    fields: downgrade ? [lower.node] : [],
    carry: async ({ reason, actor }) => {
      const wanted = { reason, actor, downgrade: lower.box.checked };
      const done = await change('POST', `/ai/subsystems/${encodeURIComponent(name)}/${operation}`, wanted);
      store.mergeSubsystems({ [name]: done.subsystem });
      return done.message;
    },
  });
}

/** Pairs of a name and a text, kept in place while they change. */
function facts() {
  const node = el('dl', { class: 'facts' });
  const known = new Map();
  const set = (name, value) => {
    let pair = known.get(name);
    if (!pair) {
      pair = [el('dt', {}, name), el('dd', {})];
      known.set(name, pair);
      node.append(...pair);
    }
    for (const part of pair) shown(part, value !== null);
    text(pair[1], value);
  };
  return { node, set };
}

function shadowFacts(fill, shadow) {
  const e = shadow?.evidence;
  fill.set('Candidate in the shadow', shadow ? `${shadow.plugin} ${shadow.version} (${format.digest(shadow.digest)}) since ${format.stamp(shadow.since_ms)}` : null);
  fill.set('Compared', e ? `${format.count(e.compared)}: ${format.count(e.same)} the same, ${format.count(e.tighter)} tighter, ${format.count(e.looser)} looser, ${format.count(e.other)} other` : null);
  fill.set('Its faults', e ? `${format.count(e.faults)} (the serving version: ${format.count(e.live_faults)}); ${format.count(e.dropped)} of ${format.count(e.offered)} dropped` : null);
  fill.set('Its p99', e ? `${format.nanos(e.p99_ns)} (the serving version: ${format.nanos(e.live_p99_ns)})` : null);
  fill.set('Before it may be promoted', shadow ? shadow.unmet.join('; ') || 'nothing: every rule is met' : null);
}

/** The latest answers of the shadow that differ. */
function differences() {
  const list = el('ul', { class: 'differences' });
  const node = el('details', {}, el('summary', {}, 'Latest differences'), list);
  let seen = '';
  const update = (shadow) => {
    const all = shadow?.differences ?? [];
    shown(node, all.length > 0);
    const now = `${shadow?.digest} ${all.length} ${all[0]?.cycle} ${all[0]?.hook}`;
    if (now === seen) return;
    seen = now;
    list.replaceChildren(...all.slice(0, 10).map((d) => el('li', {},
      el('p', {}, el('strong', {}, d.kind), ` ${d.hook}, ${format.stamp(d.event_time_ms)}${d.fault ? `: ${d.fault}` : ''}`),
      el('div', { class: 'two' },
        el('div', {}, el('span', { class: 'label' }, 'serving'), pretty(d.live)),
        el('div', {}, el('span', { class: 'label' }, 'shadow'), pretty(d.shadow))))));
  };
  return { node, update };
}

export function detail(name) {
  const fill = facts();
  const hooks = el('ul', { class: 'meanings' });
  const differ = differences();
  const buttons = Object.keys(OPERATIONS).map((operation) => ({
    operation,
    button: el('button', { type: 'button', 'data-operation': operation, on: { click: () => operate(name, operation) } }, operation),
  }));
  const node = el('div', { class: 'detail', hidden: true },
    el('div', { class: 'two' }, el('div', {}, el('h3', {}, 'What it may do now'), hooks), fill.node),
    differ.node,
    el('div', { class: 'buttons' }, buttons.map((b) => b.button)));

  const update = (s) => {
    const lines = (s.authority ?? []).map((a) => `${a.hook} \u2013 ${a.authority}: ${meaning(a)}`);
    if (hooks.textContent !== lines.join('')) hooks.replaceChildren(...lines.map((line) => el('li', {}, line)));
    fill.set('Plugin', `${s.plugin} ${s.version}`);
    fill.set('Digest', s.digest);
    fill.set('Pinned to', s.pinned);
    fill.set('Last good answer', s.last_answer_ms ? `${format.stamp(s.last_answer_ms)} market time` : 'never');
    fill.set('Calls and faults', `${format.count(s.calls)} and ${format.count(s.faults)}, ${format.count(s.faults_in_a_row)} in a row`);
    fill.set('Last fault', s.last_fault ? `${s.last_fault.class}: ${s.last_fault.text}` : null);
    fill.set('Fuel', `peak ${format.count(s.peak_fuel)} of ${format.count(s.fuel_budget)} per call`);
    fill.set('Last refused candidate', s.refused ? `${format.digest(s.refused.digest) || 'no digest'}, at the step ${s.refused.step}: ${s.refused.reason}` : null);
    fill.set('Alarms', s.alarms?.length ? s.alarms.map((a) => `${a.kind} on ${a.hook}`).join('; ') : null);
    fill.set('On trial until', s.trial_until_ms ? `${format.stamp(s.trial_until_ms)} market time` : null);
    shadowFacts(fill, s.shadow);
    differ.update(s.shadow);
    for (const { operation, button } of buttons) shown(button, OPERATIONS[operation].when?.(s) ?? true);
  };
  return { node, update };
}
