// The brake: its state in large letters, and both levers.

import { change } from './api.js';
import { confirm, tick } from './ask.js';
import { byId, el, shown, text } from './dom.js';
import * as format from './format.js';
import * as store from './store.js';

const STATES = {
  'released': { title: 'Released', words: 'Plugins may act as stage and mode allow.' },
  'bypass': { title: 'Bypass', words: 'Plugins are off. Trading goes on with the base logic, inside the hard limits.' },
  'halt': { title: 'Halt', words: 'Plugins are off. Nothing that increases exposure goes out; exits pass.' },
  'halt-cancel': { title: 'Halt and cancel', words: 'Plugins are off, working orders are cancelled, nothing that increases exposure goes out; exits pass.' },
};
const KINDS = ['bypass', 'halt', 'halt-cancel'];

/** How hard it brakes: 0 is released. */
const strength = (brake) => Object.keys(STATES).indexOf(brake);

export async function engage(kind) {
  await confirm({
    title: `${STATES[kind].title}?`,
    words: `${STATES[kind].words} In force for the next decision, and until somebody releases it.`,
    yes: `Engage ${STATES[kind].title.toLowerCase()}`,
    danger: true,
    reason: 'wanted',
    carry: async ({ reason, actor }) => {
      const done = await change('POST', '/ai/emergency', { kind, reason: reason || undefined, actor });
      took(done);
      return done.message;
    },
  });
}

async function release() {
  // What is released is the brake as it was seen when the button was pressed.
  const seen = store.get('status').brake;
  const anew = tick('Measure drawdowns anew from the present equity: else a limit that is still passed brakes again at once');
  await confirm({
    title: 'Release the brake?',
    words: `It stands at ${STATES[seen.brake].title.toLowerCase()} (change ${seen.generation})${seen.reason ? `, because: ${seen.reason}` : ''}. After the release plugins may act as stage and mode allow. If somebody changed it meanwhile, nothing happens.`,
    yes: 'Release',
    fields: [anew.node],
    carry: async ({ reason, actor }) => {
      const done = await change('POST', '/ai/emergency', { action: 'release', generation: seen.generation, reason, actor, rebase: anew.box.checked || undefined });
      took(done);
      return done.message;
    },
  });
}

function took({ message, ...brake }) {
  store.merge({ brake });
}

export function start() {
  const title = el('p', { class: 'brake-title' });
  const words = el('p', {});
  const why = el('p', { class: 'brake-why' });
  const since = el('p', { class: 'quiet' });
  byId('brake-state').append(title, words, why, since);

  const levers = KINDS.map((kind) => {
    const button = el('button', { type: 'button', class: 'danger lever', 'data-kind': kind, on: { click: () => engage(kind) } },
      el('strong', {}, STATES[kind].title));
    return { kind, button };
  });
  const letGo = el('button', { type: 'button', class: 'lever main', on: { click: release } }, el('strong', {}, 'Release\u2026'));
  byId('brake-levers').append(...levers.map((l) => l.button), letGo);
  byId('top-halt').addEventListener('click', () => engage('halt'));

  store.watch('status', ({ brake, event_time_ms: now }) => {
    const state = STATES[brake.brake] ?? { title: brake.brake, words: '' };
    const engaged = brake.brake !== 'released';
    byId('brake').dataset.brake = brake.brake;
    text(title, state.title);
    text(words, state.words);
    shown(why, engaged);
    text(why, engaged ? `${brake.actor || 'Somebody'}: ${brake.reason || 'no reason is known yet'}` : '');
    text(since, engaged && brake.since_ms
      ? `Since ${format.stamp(brake.since_ms)} market time (${format.span(Math.max(0, now - brake.since_ms))}), change ${brake.generation}`
      : brake.generation > 0 ? `Change ${brake.generation}` : 'Never engaged in this state folder');
    for (const { kind, button } of levers) shown(button, strength(kind) > strength(brake.brake));
    shown(letGo, engaged);
    shown(byId('top-halt'), strength(brake.brake) < strength('halt'));
    const pill = byId('top-brake');
    text(pill, engaged ? `brake: ${brake.brake}` : 'brake released');
    pill.classList.toggle('bad', engaged);
    pill.classList.toggle('good', !engaged);
    shown(pill, true);
    document.title = engaged ? `\u26d4 ${brake.brake} \u00b7 Bulkhead` : 'Bulkhead';
  });
}
