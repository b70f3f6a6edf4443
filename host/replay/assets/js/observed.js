// What answers without effect would have done, in the recorded run.

function observed(report) {
  const rows = report.observed.filter((o) => o.answers > 0);
  if (rows.length === 0) return null;
  const changed = (o) => o.tighter + o.looser + o.other;
  const bar = (o) => el('span', { class: 'track', style: { 'min-width': '5rem' } }, [[o.tighter, '--tighter'], [o.looser, '--looser'], [o.other, '--other']]
    .map(([n, tone]) => el('i', { style: { width: `${(n / o.answers) * 100}%`, background: `var(${tone})` } })));
  const why = (o) => {
    const reasons = Object.entries(o.reasons).sort((a, b) => b[1] - a[1]).slice(0, 4).map(([name, n]) => `${name} ${count(n)}`);
    const modes = Object.entries(o.risk_modes).map(([name, n]) => `${name} ${count(n)}`);
    const asked = Object.entries(o.directives).sort((a, b) => b[1] - a[1]).slice(0, 6).map(([name, n]) => `${name} ${count(n)}`);
    return [...reasons, ...asked, ...modes].join(', ') || NONE;
  };
  const made = (o) => (o.trades_made === 0 ? NONE : el('span', {}, count(o.trades_made), el('small', { class: o.trades_pnl_usd >= 0 ? 'good' : 'bad' }, `${signed(o.trades_pnl_usd)} USD`)));
  return part('', 'What was said without effect',
    el('p', { class: 'quiet' }, 'Answers of the recorded run that its stage or modes did not apply, set against what held instead. Trades that somebody would have stopped and that were made all the same show what stopping them would have saved, or cost.'),
    el('div', { class: 'keys' }, KINDS.map(([name, tone]) => key(name === 'other' ? 'neither' : name, `var(${tone})`, true))),
    table([
      ['Subsystem', (o) => el('span', {}, o.subsystem, el('small', {}, hookName(o.hook)))],
      ['Would have changed', (o) => el('span', {}, `${count(changed(o))} of ${count(o.answers)} (${share(changed(o), o.answers)})`, bar(o))],
      ['Would have stopped', (o) => (o.proposals > 0 ? `${count(o.would_stop)} of ${count(o.proposals)} (${share(o.would_stop, o.proposals)})` : NONE), true],
      ['Made all the same', made, true],
      ['Why', why, 'why'],
    ], rows));
}
