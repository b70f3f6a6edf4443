// The page of a sweep: which configuration does best, and what each key does.

const BY = {
  pnl: ['profit and loss', (f) => f.gain_usd], drawdown: ['least drawdown', (f) => -f.max_drawdown_pct],
  ratio: ['profit per point of drawdown', (f) => (f.max_drawdown_pct > 0 ? f.gain_usd / f.max_drawdown_pct : null)],
  exposure: ['least exposure', (f) => -f.mean_exposure_pct], trade: ['profit of a trade', (f) => (f.trades > 0 ? f.net_pnl_usd / f.trades : null)],
  fees: ['least fees', (f) => -f.fees_usd],
};

const words = (row) => row.set.map(([k, v]) => `${k.split('.').at(-1)} ${v}`).join(', ');

function knobs(swept, rows) {
  const axes = swept.axes.filter((axis) => axis.values.length > 1);
  if (axes.length === 0) return null;
  const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;
  const blocks = axes.map((axis) => {
    const groups = axis.values.map((value) => {
      const of = rows.filter((row) => row.set.some(([k, v]) => k === axis.key && v === value));
      return { value, gain: of.length > 0 ? mean(of.map((row) => row.figures.gain_usd)) : null, drawdown: of.length > 0 ? mean(of.map((row) => row.figures.max_drawdown_pct)) : null };
    });
    const most = Math.max(1e-9, ...groups.map((g) => Math.abs(g.gain ?? 0)));
    const list = groups.map((g) => el('div', { class: 'row' }, el('span', {}, g.value),
      el('span', { class: 'track' }, el('i', { style: { width: `${(Math.abs(g.gain ?? 0) / most) * 100}%`, background: `var(${(g.gain ?? 0) >= 0 ? '--good' : '--bad'})` } })),
      el('span', {}, `${signed(g.gain)} \u00b7 ${percent(g.drawdown)}`)));
    return el('div', { class: 'bars' }, el('h3', {}, axis.key), list);
  });
  return part('half', 'What each key does', el('p', { class: 'hint' }, 'Mean profit in USD and mean of the deepest drawdown over all configurations with that value.'), ...blocks);
}

const BEST = ['--after', '--tighter', '--looser', '--other', '--good'];

function bestCurves(rows) {
  // Keys that change nothing make equal runs: one of them is drawn.
  const seen = new Set();
  const fresh = (row) => {
    const run = JSON.stringify(row.figures.equity);
    return !seen.has(run) && seen.add(run);
  };
  const best = rows.filter(fresh).slice(0, BEST.length);
  const at = new Map();
  best.forEach((row, n) => row.figures.equity.forEach(([ms, usd1]) => {
    if (!at.has(ms)) at.set(ms, best.map(() => null));
    at.get(ms)[n] = usd1;
  }));
  const all = [...at.keys()].sort((a, b) => a - b);
  const columns = [all.map((ms) => ms / 1000), ...best.map((_, n) => all.map((ms) => at.get(ms)[n]))];
  const box = el('div', {});
  chart(box, columns, best.map((row, n) => [`${row.place}. ${words(row)}`, BEST[n]]), { height: 260, value: (v) => usd(v) });
  return part('', 'Equity of the best, USD', box);
}

function ranking(swept, rows) {
  const keys = swept.axes.map((axis) => axis.key);
  const columns = [
    ['', (r) => r.place, true, (r) => r.place],
    ...keys.map((k) => [k.split('.').slice(-2).join('.'), (r) => r.set.find(([name]) => name === k)?.[1] ?? NONE, false, (r) => r.set.find(([name]) => name === k)?.[1] ?? '']),
    ['PnL, USD', (r) => el('span', { class: r.figures.gain_usd >= 0 ? 'good' : 'bad' }, signed(r.figures.gain_usd)), true, (r) => -r.figures.gain_usd],
    ['Drawdown', (r) => percent(r.figures.max_drawdown_pct), true, (r) => r.figures.max_drawdown_pct],
    ['Mean exposure', (r) => percent(r.figures.mean_exposure_pct, 1), true, (r) => r.figures.mean_exposure_pct],
    ['Trades', (r) => count(r.figures.trades), true, (r) => -r.figures.trades],
    ['Won', (r) => share(r.figures.winners, r.figures.trades), true, (r) => -(r.figures.trades > 0 ? r.figures.winners / r.figures.trades : 0)],
    ['Fees, USD', (r) => usd(r.figures.fees_usd), true, (r) => r.figures.fees_usd],
    ['Faults', (r) => count(r.figures.faults), true, (r) => r.figures.faults],
  ];
  const body = el('tbody', {});
  const fill = (by) => {
    const order = by === null ? rows : [...rows].sort((a, b) => {
      const [x, y] = [by(a), by(b)];
      return known(Number(x)) && known(Number(y)) ? Number(x) - Number(y) : String(x).localeCompare(String(y));
    });
    body.replaceChildren(...order.slice(0, 1000).map((row) => el('tr', { class: row.place === 1 ? 'best' : '' },
      columns.map(([, cell, number]) => el('td', { class: number ? 'number' : '' }, cell(row))))));
  };
  fill(null);
  const headings = columns.map(([title, , number, by]) => el('th', { class: number ? 'number' : '', scope: 'col' }, el('button', { type: 'button', on: { click: () => fill(by) } }, title || '#')));
  return part('', 'Ranking', el('div', { class: 'scroll tall', tabindex: '0' }, el('table', {}, el('thead', {}, el('tr', {}, headings)), body)),
    el('p', { class: 'hint' }, `Ranked by ${BY[swept.by][0]}. A click on a heading sorts by it.`));
}

function sweepPage(swept) {
  const done = swept.rows.filter((row) => row.figures !== null);
  const rows = done.map((row, at) => ({ ...row, place: at + 1 }));
  const failed = swept.rows.filter((row) => row.figures === null);
  const m = swept.market;
  const best = rows[0];
  const told = best ? [
    `Best by ${BY[swept.by][0]}: ${words(best)} with ${signed(best.figures.gain_usd)} USD, deepest drawdown ${percent(best.figures.max_drawdown_pct)}, ${count(best.figures.trades)} trades.`,
    `The best of ${count(rows.length)} on one market is in part the luckiest of ${count(rows.length)}: let it show itself on other days before it trades.`,
  ] : ['No configuration came to its end.'];
  const points = [...rows].reverse().map((row) => [row.figures.max_drawdown_pct, row.figures.gain_usd, `${row.place}. ${words(row)}: ${signed(row.figures.gain_usd)} USD, drawdown ${percent(row.figures.max_drawdown_pct)}`, row.place === 1 ? 'on' : '']);
  const under = el('p', { class: 'hint' }, 'Up and to the left is better. The best is filled.');
  const page = document.getElementById('page');
  const parts = [
    el('header', { class: 'head' }, el('h1', {}, `Sweep of ${count(swept.rows.length)} configurations`),
      el('p', { class: 'where' }, `${m.kind} market, ${stamp(m.from_ms)} to ${stamp(m.to_ms)} UTC, ${m.symbols.length} symbols, ${count(m.bars)} bars each`),
      el('ul', { class: 'told' }, told.map((s) => el('li', {}, s))),
      failed.length > 0 && el('ul', { class: 'notes' }, failed.slice(0, 10).map((row) => el('li', {}, `${words(row)}: ${row.error}`)))),
    rows.length > 0 && part('half', 'Profit against drawdown', scatter(points, { x: 'deepest drawdown, %', y: 'profit and loss, USD', over: (text) => { under.textContent = text; } }).node, under),
    rows.length > 0 && knobs(swept, rows), rows.length > 0 && bestCurves(rows), rows.length > 0 && ranking(swept, rows),
  ];
  page.append(...parts.filter(Boolean));
}
