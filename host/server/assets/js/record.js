// One hook call whole: what was asked, what each subsystem said, what took effect.

import { read } from './api.js';
import { byId, el } from './dom.js';
import * as format from './format.js';
import { pretty } from './pretty.js';

const facts = (pairs) => el('dl', { class: 'facts' }, pairs
  .filter(([, value]) => value !== null && value !== undefined && value !== '')
  .map(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));

const titled = (title, document) => el('div', {}, el('h4', {}, title), document === null || document === undefined
  ? el('p', { class: 'quiet' }, 'none')
  : pretty(document));

function part(d) {
  return el('section', { class: 'part' },
    el('h3', {}, d.subsystem, ' ', el('span', { class: 'badge' }, d.outcome), ' ', el('span', { class: 'quiet' }, `${d.plugin} ${d.version} \u00b7 ${format.digest(d.digest)}`)),
    facts([
      ['Authority', `${d.authority} (mode ${d.mode})`],
      ['Cause', d.cause],
      ['Reason', d.reason],
      ['Fault', d.fault],
      ['Took', `${format.nanos(d.duration_ns)}, fuel ${format.count(d.fuel)}, memory ${format.bytes(d.memory_bytes)}`],
    ]),
    el('div', { class: 'two' }, titled('It proposed', d.proposed), titled('In force after it', d.effective)));
}

function whole(call, only) {
  const correlation = call.correlation > 0
    ? el('button', { type: 'button', class: 'link', on: { click: () => {
      byId('record').close();
      only('correlation', call.correlation);
    } } }, `${call.correlation}: everything about this order`)
    : null;
  return [
    facts([
      ['Outcome', `${call.outcome}${call.cause ? ` (${call.cause})` : ''}`],
      ['Market time', `${format.stamp(call.event_time_ms)} UTC, cycle ${format.count(call.cycle)}`],
      ['Stage and brake', `${call.stage}, brake ${call.brake}`],
      ['Risk mode', call.risk_mode],
      ['Directives', call.directive ? `${call.directive.id}, ${format.span(call.directive.age_ms)} old` : 'none'],
      ['Correlation', correlation],
      ['Took', format.nanos(call.duration_ns)],
    ]),
    titled('In force', call.effective),
    el('h3', { class: 'apart' }, call.decisions.length === 0 ? 'Nobody was asked' : 'Who said what'),
    call.decisions.map(part),
    el('details', { open: true }, el('summary', {}, 'What was asked'), pretty(call.input)),
  ].flat();
}

/** Shows the call with this number. `only(name, value)` shows the decisions that share something with it. */
export async function open(id, only) {
  const dialog = byId('record');
  const close = el('button', { type: 'button', 'aria-label': 'Close', on: { click: () => dialog.close() } }, 'Close');
  const title = el('h2', {}, `Decision ${id}`);
  const body = el('div', { class: 'body' }, el('p', { class: 'quiet' }, 'Reading the journal\u2026'));
  dialog.replaceChildren(el('header', {}, title, close), body);
  dialog.showModal();
  try {
    const call = await read(`/ai/decisions/${id}`);
    title.textContent = `${call.hook}${call.symbol ? ` ${call.symbol}` : ''}`;
    title.append(' ', el('span', { class: 'quiet' }, `#${call.id}`));
    body.replaceChildren(...whole(call, only));
  } catch (problem) {
    body.replaceChildren(el('p', { class: 'error', role: 'alert' }, problem.message));
  }
}
