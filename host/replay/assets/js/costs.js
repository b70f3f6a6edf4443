// What answering has cost: faults, fuel, time.

/** Times of whole calls, with everybody of a chain asked. */
function latency(runs) {
  const after = new Map(runs.after.hooks.map((h) => [h.hook, h]));
  const rows = runs.before.hooks.filter((h) => after.has(h.hook)).map((h) => ({ before: h, after: after.get(h.hook) }));
  const most = Math.max(1, ...rows.flatMap((r) => [r.before.p99_ns, r.after.p99_ns]));
  // Calls take from microseconds to milliseconds: a decade is as long as any other.
  const low = Math.min(most / 10, ...rows.flatMap((r) => [r.before.p50_ns, r.after.p50_ns]).filter((ns) => ns > 0));
  const place = (ns) => (Math.max(0, Math.log(Math.max(ns, low) / low)) / Math.log((most * 1.05) / low)) * 100;
  const bar = (h, tone) => el('span', { class: 'track' }, el('i', { style: { 'margin-left': `${place(h.p50_ns)}%`, width: `${Math.max(0.8, place(h.p99_ns) - place(h.p50_ns))}%`, background: `var(${tone})` } }));
  const list = rows.map((r) => el('div', { class: 'row' }, el('span', {}, hookName(r.before.hook)),
    el('div', { class: 'pairs' }, bar(r.before, '--before'), bar(r.after, '--after')),
    el('span', {}, `${nanos(r.before.p50_ns)} \u2192 ${nanos(r.after.p50_ns)}`, el('small', { class: 'hint' }, ` p99 ${nanos(r.before.p99_ns)} \u2192 ${nanos(r.after.p99_ns)}`))));
  return rows.length === 0 ? null : part('', 'Time of a call', el('div', { class: 'keys' }, key('before', 'var(--before)', true), key('after', 'var(--after)', true)),
    el('div', { class: 'bars' }, list), el('p', { class: 'hint' }, 'From p50 to p99, on a scale of powers of ten, on the machine that made this report with both runs at once. The figure is the p50.'));
}

function costs(report) {
  const full = report.level === 'full';
  const rows = Object.entries(report.costs).filter(([, c]) => c.before.calls + c.after.calls > 0);
  if (rows.length === 0) return null;
  const mean = (s, field) => (s.calls > 0 ? s[field] / s.calls : null);
  const faults = (s) => Object.values(s.faults).reduce((sum, n) => sum + n, 0);
  const two = (b, a, write) => (write(b) === write(a) ? write(b) : `${write(b)} \u2192 ${write(a)}`);
  const whole0 = (n) => (known(n) ? round.format(n) : NONE);
  const worst = (s) => Object.entries(s.faults).map(([name, n]) => `${name} ${count(n)}`).join(', ');
  const columns = [
    [full ? 'Subsystem' : 'Hook', ([name]) => (full ? name : hookName(name))],
    ['Answers', ([, c]) => two(c.before.calls, c.after.calls, count), true],
    ['Faults', ([, c]) => el('span', { class: faults(c.after) > faults(c.before) ? 'bad' : '', title: worst(c.after) }, two(faults(c.before), faults(c.after), count)), true],
    ['Fuel of an answer', ([, c]) => two(mean(c.before, 'fuel'), mean(c.after, 'fuel'), whole0), true],
  ];
  if (full) {
    columns.push(['Most fuel', ([, c]) => two(c.before.most_fuel, c.after.most_fuel, count), true]);
    columns.push(['Time of an answer', ([, c]) => two(mean(c.before, 'time_ns'), mean(c.after, 'time_ns'), nanos), true]);
  }
  return part('', 'What answering costs', table(columns, rows),
    full && el('p', { class: 'hint' }, 'Fuel is the same on every machine; times are of the one that made this report, with both runs at once.'));
}
