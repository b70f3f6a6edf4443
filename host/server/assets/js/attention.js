// What a person should look at first, in one sentence each: `[weight, who, words, key]`. The key tells sentences apart
// while their figures change.

import { byId, el, keyed, shown, text } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

function* ofSubsystem(s) {
  const last = s.last_fault ? `: ${s.last_fault.class}, ${s.last_fault.text}` : '';
  if (s.state === 'quarantined') yield ['bad', s.name, `is in quarantine after repeated faults, its safe default holds${last}`, 'state'];
  if (s.state === 'failing') yield ['bad', s.name, `fails, ${format.count(s.faults_in_a_row)} faults in a row${last}`, 'state'];
  if (s.refused) yield ['warn', s.name, `refused a candidate at the step ${s.refused.step}: ${s.refused.reason}`, 'refused'];
  for (const alarm of s.alarms ?? []) yield ['warn', s.name, `${alarm.kind} on ${alarm.hook}: look at its answers`, `${alarm.kind} ${alarm.hook}`];
  if (s.trial_until_ms) yield ['note', s.name, `serves a new version on trial until ${format.stamp(s.trial_until_ms)} market time`, 'trial'];
}

/** Those who say nothing, in one sentence for all of them. */
function* quiet(subsystems) {
  const names = (state) => subsystems.filter((s) => s.state === state).map((s) => s.name).join(', ');
  const [silent, never] = [names('silent'), names('never-called')];
  if (silent) yield ['note', 'Silent', `for ten minutes of market time and more: ${silent}`, ''];
  if (never) yield ['note', 'Never called', `though switched on: ${never}`, ''];
}

function* ofAccount({ known, limits, daily_drawdown_pct: daily, open_drawdown_pct: open }) {
  if (!known) return;
  const near = [
    ['The day\u2019s drawdown', daily, limits.daily_drawdown_halt_pct],
    ['The drawdown from the peak', open, limits.open_drawdown_close_pct],
  ];
  for (const [name, now, most] of near) {
    if (now >= most * 0.8) yield [now >= most ? 'bad' : 'warn', name, `is ${format.percent(now)}: ${format.percent(most, 0)} trips the brake`, ''];
  }
}

function* everything(status, problems, account) {
  const { journal, brake, subsystems } = status;
  for (const problem of problems ?? []) yield ['bad', 'Host:', problem, problem];
  if (journal.warning) yield ['warn', 'Journal', journal.warning, 'warning'];
  if (journal.dropped > 0) yield ['bad', 'Journal', `lost ${format.count(journal.dropped)} records`, 'dropped'];
  if (account !== null) yield* ofAccount(account);
  for (const s of subsystems) yield* ofSubsystem(s);
  // Under the brake nobody is asked.
  if (brake.brake === 'released') yield* quiet(subsystems);
}

const ORDER = ['bad', 'warn', 'note'];

function make() {
  const name = el('strong', {});
  const words = el('span', {});
  return { node: el('li', {}, name, ' ', words), name, words };
}

function update(row, [weight, name, words]) {
  row.node.className = weight;
  text(row.name, name);
  text(row.words, words);
}

export function start() {
  const none = el('p', {});
  const list = el('ul', { class: 'attention' });
  byId('attention-list').append(none, list);
  const show = () => {
    const status = store.get('status');
    if (status === null) return;
    const all = [...everything(status, store.get('problems'), store.get('account'))].sort((a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]));
    const released = status.brake.brake === 'released';
    text(none, released ? 'Nothing: every subsystem that is switched on answers.' : 'Nothing beside the brake: nobody is asked while it is engaged.');
    none.className = released ? 'good' : 'quiet';
    shown(none, all.length === 0);
    keyed(list, all, ([, name, , key]) => `${name} ${key}`, make, update);
  };
  store.watch('status', show);
  store.watch('account', show);
}
