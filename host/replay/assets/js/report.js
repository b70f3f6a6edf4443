// The page of a replay, from the top.

const TITLES = { full: 'What would have followed', decisions: 'What would have been decided', observed: 'What would have been' };

function where(report) {
  const m = report.market;
  const market = m ? `${m.kind} market, ${stamp(m.from_ms)} to ${stamp(m.to_ms)} UTC, ${m.symbols.length} symbols, ${count(m.bars)} bars` : null;
  return [`journal ${report.journal}`, market].filter(Boolean).join(' \u00b7 ');
}

function whatChanged(report) {
  const item = (name, before, after) => el('li', {}, el('b', {}, name), ' ', before && el('span', { class: 'from' }, before), ' ', el('span', { class: 'to' }, after || 'removed'));
  const items = [...report.versions.map((v) => item(v.subsystem, v.before, v.after)), ...report.settings.map((s) => item(s.key, bare(s.before), bare(s.after)))];
  if (items.length === 0) return null;
  return el('ul', { class: 'changed-what', 'aria-label': 'what was changed' }, items.slice(0, 40), items.length > 40 && el('li', {}, `and ${items.length - 40} more`));
}

function head(report) {
  return el('header', { class: 'head' }, el('h1', {}, TITLES[report.level]), el('p', { class: 'where' }, where(report)), whatChanged(report),
    el('ul', { class: 'told' }, report.sentences.map((s) => el('li', {}, s))),
    report.notes.length > 0 && el('ul', { class: 'notes' }, report.notes.map((s) => el('li', {}, s))));
}

function same(report) {
  return el('section', { class: 'same' }, el('strong', {}, 'No difference'), el('p', {}, report.sentences[0] ?? ''));
}

function reportPage(report) {
  const page = document.getElementById('page');
  const hooks = Object.values(report.changes.by_hook);
  const t = report.runs?.trades;
  const alike = report.level !== 'observed' && hooks.every((h) => h.applied + h.said + h.reworded + h.only_before + h.only_after === 0)
    && (!report.runs || (report.runs.parts_from_ms === null && t.lost + t.added + t.changed === 0));
  const { over, hook, beside = [], answers } = decisions(report.changes);
  const column = beside.filter(Boolean);
  const parts = [
    head(report), alike && same(report),
    report.runs && cards(report.runs), report.runs && curves(report),
    over, hook, sizes(report), funnel(report), column.length > 0 && el('div', { class: 'half column' }, column), answers,
    report.runs && trades(report), costs(report), report.runs && latency(report.runs), observed(report),
  ];
  page.append(...parts.filter(Boolean));
}
