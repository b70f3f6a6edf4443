// What answering has cost: faults, fuel, time.

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
