// Trades that were lost, added or changed.

function trades(report) {
  const t = report.runs.trades;
  if (t.lost + t.added + t.changed === 0) return null;
  const side = (line) => el('span', {}, line.symbol, el('small', {}, line.side.toLowerCase()));
  const result = (usd1) => el('span', { class: usd1 >= 0 ? 'good' : 'bad' }, signed(usd1));
  const when = (line) => stamp(line.decided_ms);
  const alone = (why) => [
    ['Decided, UTC', when], ['Symbol', side], ['Size, USD', (l) => usd(l.size_usd), true], ['Result, USD', (l) => result(l.pnl_usd), true],
    ['Closed by', (l) => l.exit.toLowerCase().replaceAll('_', ' ')], [why, (l) => l.stopped || NONE, 'why'],
  ];
  const changed = [
    ['Decided, UTC', (p) => when(p.before)], ['Symbol', (p) => side(p.before)],
    ['Size before', (p) => usd(p.before.size_usd), true], ['Size after', (p) => usd(p.after.size_usd), true],
    ['Result before', (p) => result(p.before.pnl_usd), true], ['Result after', (p) => result(p.after.pnl_usd), true],
    ['Closed by', (p) => [p.before.exit, p.after.exit].filter((e, at, all) => all.indexOf(e) === at).join(' \u2192 ').toLowerCase().replaceAll('_', ' ')],
  ];
  const all = [
    [`Lost ${count(t.lost)}`, t.list_lost, alone('What stopped it now'), t.lost],
    [`Added ${count(t.added)}`, t.list_added, alone('What had stopped it'), t.added],
    [`Changed ${count(t.changed)}`, t.list_changed, changed, t.changed],
  ];
  const room = el('div', {});
  const show = (at) => {
    const [, list, columns, number] = all[at];
    const more = number > list.length ? el('p', { class: 'hint' }, `${count(list.length)} of ${count(number)} are listed.`) : null;
    room.replaceChildren(...[list.length > 0 ? table(columns, list, { tall: true }) : el('p', { class: 'quiet' }, 'None.'), more].filter(Boolean));
  };
  const first = Math.max(0, all.findIndex(([, list]) => list.length > 0));
  const sums = `Those lost had brought ${signed(t.lost_pnl_usd)} USD, those added bring ${signed(t.added_pnl_usd)} USD; ${count(t.same)} trades are as before, to the last bit.`;
  return part('', 'Trades', el('p', { class: 'quiet' }, sums), tabs(all.map(([name]) => name), show, first), room);
}
