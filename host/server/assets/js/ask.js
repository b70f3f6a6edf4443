// One dialog for every change: what will happen, why, on whose behalf. What the host says of it is shown.

import { byId, el, shown, text } from './dom.js';
import { say } from './notice.js';

const NAME = 'bulkhead-name';
/** What the host keeps of a name, bytes. */
const NAME_MOST = 64;

/**
 * Asks, then carries it out. `title`, `words`: what will happen; `yes`: the button; `danger`; `reason`: 'needed' or
 * 'wanted'; `fields`: more elements; `carry({reason, actor})`: makes the change, resolves to the sentence about it.
 * Resolves to whether the change was made.
 */
export function confirm({ title, words, yes, danger = false, reason = 'needed', fields = [], carry }) {
  const dialog = byId('ask');
  const why = el('textarea', { name: 'reason', rows: 2, maxlength: 500, required: reason === 'needed' });
  const who = el('input', { name: 'actor', maxlength: NAME_MOST, autocomplete: 'name', set: { value: sessionStorage.getItem(NAME) ?? '' } });
  const error = el('p', { class: 'error', role: 'alert', hidden: true });
  const go = el('button', { type: 'submit', class: danger ? 'danger' : 'main' }, yes);
  const back = el('button', { type: 'button', on: { click: () => dialog.close() } }, 'Cancel');
  const form = el('form', {},
    el('h2', {}, title),
    el('p', {}, words),
    fields,
    el('label', {}, el('span', {}, reason === 'needed' ? 'Reason' : 'Reason (may be left out)'), why),
    el('label', {}, el('span', {}, 'Your name (for the journal, may be left out)'), who),
    error,
    el('div', { class: 'buttons' }, back, go),
  );
  dialog.replaceChildren(form);

  return new Promise((resolve) => {
    let done = false;
    const submit = async (event) => {
      event.preventDefault();
      if (go.disabled) return;
      sessionStorage.setItem(NAME, who.value.trim());
      go.disabled = true;
      text(go, 'Working\u2026');
      shown(error, false);
      try {
        say(await carry({ reason: why.value.trim(), actor: who.value.trim() || undefined }));
        done = true;
        dialog.close();
      } catch (problem) {
        text(error, problem.message);
        shown(error, true);
        text(go, yes);
        go.disabled = false;
      }
    };
    form.addEventListener('submit', submit);
    dialog.addEventListener('close', () => resolve(done), { once: true });
    dialog.showModal();
    (reason === 'needed' ? why : go).focus();
  });
}

/** A tick box for `confirm`. */
export function tick(label) {
  const box = el('input', { type: 'checkbox' });
  return { box, node: el('label', { class: 'tick' }, box, el('span', {}, label)) };
}
