// What a person should look at first, in one sentence each.

import { byId, el, keyed, text } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

/** Of one subsystem: `[weight, sentence, key]`; the key tells sentences of one subsystem apart while their figures change. */
function* ofSubsystem(s, braked) {
  const last = s.last_fault ? `: ${s.last_fault.class}, ${s.last_fault.text}` : '';
  if (s.state === 'quarantined') yield ['bad', `is in quarantine after repeated faults, its safe default holds${last}`, 'state'];
  if (s.state === 'failing') yield ['bad', `fails, ${format.count(s.faults_in_a_row)} faults in a row${last}`, 'state'];
  // Under the brake nobody is asked.
  if (s.state === 'silent' && !braked) yield ['note', `is silent: its last answer is ${format.span(s.last_answer_age_ms)} of market time old`, 'state'];
  if (s.state === 'never-called' && !braked) yield ['note', 'is switched on and was never called', 'state'];
  if (s.refused) yield ['warn', `refused a candidate at the step ${s.refused.step}: ${s.refused.reason}`, 'refused'];
  for (const alarm of s.alarms ?? []) yield ['warn', `${alarm.kind} on ${alarm.hook}: look at its answers`, `${alarm.kind} ${alarm.hook}`];
  if (s.trial_until_ms) yield ['note', `serves a new version on trial until ${format.stamp(s.trial_until_ms)} market time`, 'trial'];
}

function* ofHost(status, account) {
  if (status.journal.failed) yield ['bad', 'Journal', 'has stopped writing; trading goes on, nothing is recorded', 'failed'];
  if (status.journal.dropped > 0) yield ['bad', 'Journal', `lost ${format.count(status.journal.dropped)} records`, 'dropped'];
  const { limits } = account ?? {};
  if (!account?.known || !limits) return;
  const near = (name, now, most) => (now >= most * 0.8 ? [now >= most ? 'bad' : 'warn', 'Account', `${name} is ${format.percent(now)} of the ${format.percent(most, 0)} that trip the brake`, name] : null);
  const all = [
    near('the day\u2019s drawdown', account.daily_drawdown_pct, limits.daily_drawdown_halt_pct),
    near('the drawdown from the peak', account.open_drawdown_pct, limits.open_drawdown_close_pct),
  ];
  yield* all.filter(Boolean);
}

function* everything() {
  const status = store.get('status');
  if (status === null) return;
  yield* ofHost(status, store.get('account'));
  for (const s of status.subsystems) {
    for (const [weight, words, key] of ofSubsystem(s, status.brake.brake !== 'released')) yield [weight, s.name, words, key];
  }
}

const ORDER = ['bad', 'warn', 'note'];

export function start() {
  const none = el('p', { class: 'good' }, 'Nothing. Every subsystem that is switched on answers.');
  const list = el('ul', { class: 'attention' });
  byId('attention-list').append(none, list);
  const show = () => {
    const all = [...everything()].sort((a, b) => ORDER.indexOf(a[0]) - ORDER.indexOf(b[0]));
    none.hidden = all.length > 0 || store.get('status') === null;
    const make = () => {
      const name = el('strong', {});
      const words = el('span', {});
      return { node: el('li', {}, name, ' ', words), name, words };
    };
    keyed(list, all, ([, name, , key]) => `${name} ${key}`, make, (row, [weight, name, words]) => {
      row.node.className = weight;
      text(row.name, name);
      text(row.words, words);
    });
  };
  store.watch('status', show);
  store.watch('account', show);
}
