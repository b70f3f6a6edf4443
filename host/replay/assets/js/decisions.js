// Decisions that came out otherwise: over time, by hook, symbol and reason, and the answers themselves.

/** Answers of one hook that are shown where none is chosen. */
const SOME = 6;
const KINDS = [['tighter', '--tighter'], ['looser', '--looser'], ['other', '--other']];

function overTime(over) {
  if (over.from_ms.length === 0) return null;
  const box = el('div', {});
  const seconds = over.from_ms.map((ms) => ms / 1000);
  // Stacked: the sum of all first, each next one on top of less.
  const sum = over.from_ms.map((_, at) => over.tighter[at] + over.looser[at] + over.other[at]);
  const two = over.from_ms.map((_, at) => over.tighter[at] + over.looser[at]);
  const raw = [over.other, over.looser, over.tighter];
  const bar = uPlot.paths.bars({ size: [0.86, 60], align: 1 });
  const series = [['neither', '--other'], ['looser', '--looser'], ['tighter', '--tighter']]
    .map(([label, tone]) => [label, tone, { paths: bar, fill: () => colour(tone), width: 0 }]);
  chart(box, [seconds, sum, two, over.tighter], series, { height: 170, bars: true, range: (_, low, high) => [0, Math.max(high * 1.05, 1)], value: (v, n, idx) => count(raw[n][idx]) });
  return part('', 'Decisions that differ, over time', box,
    el('p', { class: 'hint' }, `A bar is ${span(over.step_ms)}. Tighter lets less through than before, looser more.`));
}

function byHook(changes, choose) {
  const rows = Object.entries(changes.by_hook).map(([hook, c]) => ({ hook, ...c, changed: c.applied + c.said })).filter((r) => r.compared + r.only_before + r.only_after > 0);
  const most = Math.max(1, ...rows.map((r) => r.changed));
  const buttons = rows.map((r) => {
    const width = (n) => `${(n / most) * 100}%`;
    const other = Math.max(0, r.changed - r.tighter - r.looser);
    const bars = [[r.tighter, '--tighter'], [r.looser, '--looser'], [other, '--other']].map(([n, tone]) => el('i', { style: { width: width(n), background: `var(${tone})` } }));
    const alone = r.only_before + r.only_after;
    const words = `${count(r.applied)} take effect otherwise, ${count(r.said)} are only said otherwise, of ${count(r.compared)} that both were asked${alone > 0 ? `; ${count(alone)} only one was asked` : ''}`;
    const button = el('button', { type: 'button', class: 'row', title: `${r.hook}: ${words}`, 'aria-pressed': 'false', disabled: r.changed === 0 },
      el('span', {}, hookName(r.hook)), el('span', { class: 'track' }, bars), el('span', {}, `${count(r.changed)} of ${count(r.compared)}`));
    button.addEventListener('click', () => {
      const on = button.getAttribute('aria-pressed') !== 'true';
      buttons.forEach((b) => b.setAttribute('aria-pressed', 'false'));
      button.setAttribute('aria-pressed', String(on));
      choose(on ? r.hook : null);
    });
    return button;
  });
  return part('half', 'By hook', el('div', { class: 'keys' }, KINDS.map(([name, tone]) => key(name === 'other' ? 'neither' : name, `var(${tone})`, true))),
    el('div', { class: 'bars' }, buttons), el('p', { class: 'hint' }, 'A click shows the answers of one hook.'));
}

function bySymbol(changes) {
  const rows = Object.entries(changes.by_symbol).sort((a, b) => b[1] - a[1]).slice(0, 16);
  const most = Math.max(1, ...rows.map(([, n]) => n));
  const list = rows.map(([symbol, n]) => el('div', { class: 'row' }, el('span', {}, symbol),
    el('span', { class: 'track' }, el('i', { style: { width: `${(n / most) * 100}%`, background: 'var(--after)' } })), el('span', {}, count(n))));
  return rows.length === 0 ? null : part('', 'By symbol', el('div', { class: 'bars' }, list));
}

function byReason(changes) {
  if (changes.by_reason.length === 0) return null;
  const said = (reason) => reason || NONE;
  return part('', 'By reason', table([
    ['Hook', (r) => hookName(r.hook)], ['Before', (r) => said(r.before)], ['After', (r) => said(r.after)], ['Times', (r) => count(r.count), true],
  ], changes.by_reason.slice(0, 60), { tall: changes.by_reason.length > 14 }));
}

function example(change) {
  const reason = [change.reason_before, change.reason_after].filter(Boolean).length > 0
    ? `${change.reason_before || NONE} \u2192 ${change.reason_after || NONE}` : '';
  const [before, after] = apart(change.before, change.after);
  const kind = ['tighter', 'looser'].includes(change.likeness) ? change.likeness : 'other';
  return el('li', {},
    el('div', { class: 'top' }, el('span', { class: `tag ${kind}` }, change.likeness), el('strong', {}, hookName(change.hook)),
      change.symbol && el('span', {}, change.symbol), el('span', { class: 'quiet' }, `${stamp(change.time_ms)} UTC`),
      !change.applied && el('span', { class: 'quiet' }, `said by ${change.subsystem}, without effect`), reason && el('span', {}, reason)),
    el('div', { class: 'answers' }, el('pre', { title: 'before' }, answer(before)), el('pre', { title: 'after' }, answer(after))));
}

function examples(changes) {
  const list = el('ul', { class: 'examples', tabindex: '0' });
  const title = el('h2', {}, '');
  const show = (hook) => {
    // What lets more or less through comes before what is only different.
    const last = (c) => Number(c.likeness === 'other');
    const seen = {};
    const some = (c) => {
      seen[c.hook] = (seen[c.hook] ?? 0) + 1;
      return hook === null ? seen[c.hook] <= SOME : c.hook === hook;
    };
    const wanted = changes.examples.filter(some).sort((a, b) => last(a) - last(b) || a.time_ms - b.time_ms).slice(0, 120);
    title.textContent = hook === null ? 'Answers, before and after' : `Answers, before and after: ${hookName(hook)}`;
    list.replaceChildren(...wanted.map(example));
  };
  show(null);
  const node = el('section', {}, title, list, el('p', { class: 'hint' }, 'The first of each hook; of long answers only what differs.'));
  return { node, show };
}

function decisions(changes) {
  const changed = Object.values(changes.by_hook).some((c) => c.applied + c.said > 0);
  if (!changed) return {};
  const shown = examples(changes);
  const choose = (hook) => {
    shown.show(hook);
    if (hook !== null) shown.node.scrollIntoView({ block: 'nearest' });
  };
  return { over: overTime(changes.over_time), hook: byHook(changes, choose), beside: [bySymbol(changes), byReason(changes)], answers: shown.node };
}
