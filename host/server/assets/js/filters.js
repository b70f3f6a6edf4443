// Which decisions are shown: the same conditions for the journal and for what arrives.

import { el } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

const OUTCOMES = ['applied', 'advised', 'observed', 'defaulted'];
const CAUSES = ['off', 'unbound', 'brake', 'declared', 'trap', 'out-of-fuel', 'deadline', 'memory', 'stack',
  'invalid-output', 'contract-breach', 'refused', 'quarantined', 'overloaded', 'stale'];

const option = (value, name = value) => el('option', { value }, name);

function select(name, any, values, shown) {
  return el('select', { name, 'aria-label': any }, option('', any), values.map((value) => option(value, shown?.(value))));
}

/** The form. `changed()` is called at every change. */
export function filters(changed) {
  const hook = select('hook', 'Any hook', format.HOOK_NAMES);
  const subsystem = select('subsystem', 'Any subsystem', []);
  const symbol = el('input', { name: 'symbol', placeholder: 'Any symbol', 'aria-label': 'Symbol', size: 12, autocomplete: 'off', spellcheck: 'false' });
  const outcome = select('outcome', 'Any outcome', OUTCOMES);
  const cause = select('cause', 'Any cause', CAUSES);
  const correlation = el('input', { name: 'correlation', placeholder: 'Any order', 'aria-label': 'Correlation', size: 10, inputmode: 'numeric', pattern: '[0-9]*' });
  const fields = { hook, subsystem, symbol, outcome, cause, correlation };
  const clear = el('button', { type: 'reset' }, 'Clear');
  const node = el('form', { class: 'filters' }, Object.values(fields), clear);
  node.addEventListener('submit', (event) => event.preventDefault());
  node.addEventListener('change', () => changed());
  node.addEventListener('reset', () => setTimeout(changed));

  let names = '';
  store.watch('status', ({ subsystems }) => {
    const now = subsystems.map((s) => s.name);
    if (now.join() === names) return;
    names = now.join();
    subsystem.replaceChildren(option('', 'Any subsystem'), ...now.map((name) => option(name)));
  });

  const wanted = () => Object.entries(fields).map(([name, field]) => [name, field.value.trim()]).filter(([, value]) => value !== '');
  return {
    node,
    query: () => new URLSearchParams(wanted()).toString(),
    /** Whether a decision meets every condition. */
    meets: (d) => wanted().every(([name, value]) => String(d[name] ?? '').toLowerCase() === value.toLowerCase()),
    only: (name, value) => {
      node.reset();
      fields[name].value = value;
      changed();
    },
  };
}
