// Decisions as they are made, newest first. While they are looked at closely nothing moves: new ones wait.

import { read } from './api.js';
import { byId, el, keyed, shown, text, throttled } from './dom.js';
import { filters } from './filters.js';
import * as format from './format.js';
import { say } from './notice.js';
import { open } from './record.js';

const PAGE = 100;
/** New ones that wait; older ones of them are in the journal. */
const MOST_WAITING = 500;
const REDRAW_MS = 500;

let limit = PAGE;
let rows = [];
let waiting = [];
let paused = false;
let looking = false;
let asked = 0;
let parts = null;

const key = (d) => `${d.id} ${d.subsystem}`;
const held = () => paused || looking || byId('record').open || parts.list.scrollTop > 0;

/** What a decision comes to, in a few words. */
function words(d) {
  if (d.fault) return d.fault;
  if (d.reason) return d.reason;
  return d.cause ?? '';
}

function tone(d) {
  if (d.outcome === 'defaulted') return d.cause === 'off' || d.cause === 'unbound' || d.cause === 'brake' ? 'note' : 'bad';
  return d.reason ? 'warn' : '';
}

function make(d) {
  const cell = (name, value) => el('span', { class: name }, value);
  const button = el('button', { type: 'button', class: 'decision', on: { click: () => open(d.id, showAll) } },
    el('time', { title: `${format.stamp(d.event_time_ms)} UTC` }, format.stamp(d.event_time_ms).slice(5)),
    cell('d-hook', format.hook(d.hook)),
    cell('d-symbol', d.symbol ?? ''),
    cell('d-who', d.subsystem),
    cell('d-words', words(d)),
    cell('d-authority', d.authority),
    el('span', { class: `badge d-outcome ${tone(d)}` }, d.outcome),
    cell('d-time number', format.nanos(d.duration_ns)));
  return { node: el('li', { 'data-id': d.id }, button) };
}

const showAll = (name, value) => parts.filters.only(name, value);

const draw = throttled(REDRAW_MS, () => {
  if (!held() && waiting.length > 0) {
    rows = newest([...waiting, ...rows]);
    waiting = [];
  }
  text(parts.count, `${format.count(waiting.length)}${waiting.length >= MOST_WAITING ? ' or more' : ''} new: show`);
  parts.count.classList.toggle('unseen', waiting.length === 0);
  keyed(parts.list, rows, key, make);
  shown(parts.none, rows.length === 0);
});

/** The newest, each once. */
function newest(all) {
  const known = new Map();
  for (const d of all) known.set(key(d), d);
  return [...known.values()].sort((a, b) => b.id - a.id).slice(0, limit);
}

/** Takes decisions that were just made. */
export function arrived({ decisions, skipped }) {
  waiting = [...decisions.filter(parts.filters.meets).reverse(), ...waiting].slice(0, MOST_WAITING);
  text(parts.skipped, skipped > 0 ? `${format.count(skipped)} more in this moment: the journal has them all` : '');
  draw();
}

/** Asks the journal again. */
export async function refresh() {
  const mine = ++asked;
  const query = parts.filters.query();
  try {
    const { decisions } = await read(`/ai/decisions?limit=${PAGE}${query && `&${query}`}`);
    if (mine !== asked) return;
    limit = PAGE;
    rows = newest(decisions);
    waiting = [];
    draw();
  } catch (problem) {
    if (mine === asked && problem.status !== 401) say(problem.message, true);
  }
}

async function older() {
  const last = rows.at(-1);
  if (!last) return;
  const query = parts.filters.query();
  try {
    limit += PAGE;
    const before = rows.length;
    // A moment can hold more calls than a page: first the rest of it, then what lies before it.
    for (const until of [last.event_time_ms + 1, last.event_time_ms]) {
      const { decisions } = await read(`/ai/decisions?limit=${PAGE}&until_ms=${until}${query && `&${query}`}`);
      rows = newest([...rows, ...decisions]);
      if (rows.length > before) break;
    }
    if (rows.length === before) say('There are no older decisions.');
    draw();
  } catch (problem) {
    say(problem.message, true);
  }
}

export function start() {
  const pause = el('button', { type: 'button', 'aria-pressed': 'false' }, 'Pause');
  const count = el('button', { type: 'button', class: 'unseen' }, '');
  const skipped = el('span', { class: 'quiet' });
  const none = el('p', { class: 'quiet' }, 'No decision like this yet.');
  const list = el('ol', { class: 'decisions' });
  const more = el('button', { type: 'button', on: { click: older } }, 'Older');
  parts = { list, none, count, skipped, filters: filters(refresh) };
  pause.addEventListener('click', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', paused);
    text(pause, paused ? 'Go on' : 'Pause');
    draw();
  });
  count.addEventListener('click', () => {
    rows = newest([...waiting, ...rows]);
    waiting = [];
    list.scrollTop = 0;
    draw();
  });
  list.addEventListener('pointerenter', (event) => {
    looking = event.pointerType === 'mouse';
  });
  list.addEventListener('pointerleave', () => {
    looking = false;
    draw();
  });
  list.addEventListener('scroll', () => draw());
  byId('record').addEventListener('close', () => draw());
  byId('decision-filters').append(parts.filters.node, el('div', { class: 'flow' }, pause, count, skipped));
  byId('decision-list').append(none, list, more);
}
