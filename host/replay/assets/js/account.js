// Money of both runs: figures, equity, drawdown, exposure.

/** A figure of both. `better`: 1 more is better, -1 less is better, 0 neither. */
function card(label, before, after, write, better, more = '') {
  const delta = after - before;
  const same = delta === 0;
  const tone = same || better === 0 ? '' : delta * better > 0 ? ' good' : ' bad';
  const sign = delta > 0 ? '+' : '';
  return el('div', { class: 'card' }, el('span', { class: 'label' }, label), el('strong', {}, write(after)),
    el('span', { class: 'was' }, `was ${write(before)}`),
    el('span', { class: `delta${tone}` }, same ? 'as before' : `${sign}${write(delta)}`, more && el('span', { class: 'quiet' }, ` ${more}`)));
}

function cards(runs) {
  const { before: b, after: a } = runs;
  const gain = (f) => f.end_equity_usd - f.start_equity_usd;
  const won = (f) => (f.trades > 0 ? (f.winners / f.trades) * 100 : 0);
  const pct = (n) => percent(n, 2).replace('-', '\u2212');
  const whole1 = (n) => (n < 0 ? `\u2212${count(-n)}` : count(n));
  return el('div', { class: 'cards' },
    card('Profit and loss, USD', gain(b), gain(a), usd, 1),
    card('Deepest drawdown', b.max_drawdown_pct, a.max_drawdown_pct, pct, -1),
    card('Mean exposure', b.mean_exposure_pct, a.mean_exposure_pct, pct, 0),
    card('Highest exposure', b.max_exposure_pct, a.max_exposure_pct, pct, 0),
    card('Trades closed', b.trades, a.trades, whole1, 0),
    card('Won', won(b), won(a), (n) => percent(n, 1).replace('-', '\u2212'), 1),
    card('Fees, USD', b.fees_usd, a.fees_usd, usd, -1),
    card('Faults of plugins', b.faults, a.faults, whole1, -1));
}

function curves(report) {
  const { curve, parts_from_ms: parts } = report.runs;
  const seconds = curve.time_ms.map((ms) => ms / 1000);
  const both = (column) => [seconds, ...column];
  const names = [['before', '--before'], ['after', '--after', { width: 2.1 }]];
  const equity = el('div', {});
  chart(equity, both(curve.equity_usd), names, { height: 250, value: (v) => usd(v) });
  const drawdown = el('div', {});
  const fill = (tone) => ({ fill: () => `${colour(tone)}22` });
  chart(drawdown, both(curve.drawdown_pct), [['before', '--before', fill('--before')], ['after', '--after', { ...fill('--after'), width: 2.1 }]],
    { height: 140, hang: true, range: (_, low, high) => [0, Math.max(high * 1.08, 0.1)], value: (v) => percent(v) });
  const exposure = el('div', {});
  chart(exposure, both(curve.exposure_pct), names, { height: 140, range: (_, low, high) => [0, Math.max(high * 1.08, 1)], value: (v) => percent(v, 1) });
  const apart = parts ? `The accounts part at ${stamp(parts)} UTC.` : 'The accounts are the same at every moment.';
  return part('', 'Equity, USD', equity, el('h3', {}, 'Drawdown from the peak, %'), drawdown, el('h3', {}, 'Gross exposure, % of equity'), exposure,
    el('p', { class: 'hint' }, `${apart} Drag to look closer, double-click to go back.`));
}
