// From proposals to orders, in both runs: what goes on, and what is stopped, by whom and why.

function twin(before, after, most) {
  const bar = (n, tone) => el('span', { class: 'track' }, el('i', { style: { width: `${most > 0 ? (n / most) * 100 : 0}%`, background: `var(${tone})` } }));
  return el('div', { class: 'pairs' }, bar(before, '--before'), bar(after, '--after'));
}

const turned = (before, after) => (before === after ? count(before) : `${count(before)} \u2192 ${count(after)}`);

function funnel(report) {
  const f = report.funnel;
  if (!f || f.proposals[0] + f.proposals[1] === 0) return null;
  const most = Math.max(...f.proposals);
  const groups = new Map();
  for (const stop of f.stops) {
    const group = groups.get(stop.by) ?? { before: 0, after: 0, reasons: [] };
    group.before += stop.before;
    group.after += stop.after;
    group.reasons.push(stop);
    groups.set(stop.by, group);
  }
  const step = (name, before, after, more = null) => el('div', { class: 'step' },
    el('div', { class: 'name' }, el('b', {}, name), el('span', {}, turned(before, after))), twin(before, after, most), more);
  const steps = [step('Proposals', ...f.proposals)];
  let left = [...f.proposals];
  for (const [by, group] of groups) {
    left = [left[0] - group.before, left[1] - group.after];
    const reasons = group.reasons.sort((a, b) => b.before + b.after - a.before - a.after);
    const list = reasons.slice(0, 8).map((r) => el('li', {}, el('span', {}, `stopped: ${r.reason}`), el('span', {}, turned(r.before, r.after))));
    steps.push(step(`after ${hookName(by)}`, ...left, el('ul', {}, list)));
  }
  steps.push(step('Orders', ...f.orders));
  return part('half', 'From proposals to orders', el('div', { class: 'keys' }, key('before', 'var(--before)', true), key('after', 'var(--after)', true)), el('div', {}, steps));
}
