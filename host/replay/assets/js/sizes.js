// Sizes before and after: on the line nothing changed, under it trades became smaller.

function sizes(report) {
  const all = report.sizes;
  if (all.length === 0) return null;
  const points = all.map((s) => [s.before, s.after, `${s.symbol} ${stamp(s.time_ms)}: ${usd(s.before)} \u2192 ${usd(s.after)} USD`, s.before === s.after ? 'dim' : '']);
  const { node } = scatter(points, { x: 'size before, USD', y: 'size after, USD', diagonal: true });
  const smaller = all.filter((s) => s.after < s.before).length;
  const larger = all.filter((s) => s.after > s.before).length;
  const ratios = all.filter((s) => s.before > 0).map((s) => s.after / s.before).sort((a, b) => a - b);
  const median = ratios.length > 0 ? ratios[Math.floor(ratios.length / 2)] : null;
  const said = `${count(smaller)} smaller, ${count(larger)} larger, ${count(all.length - smaller - larger)} as before${median === null ? '' : `; half of them at ${(median * 100).toFixed(0)} % of the size before or less`}.`;
  return part('half', 'Position sizes', node, el('p', { class: 'hint' }, said));
}
