// A token typed in by hand, when the host does not know us.

import { keepToken } from './api.js';
import { byId, el } from './dom.js';

/** Asks until something is typed in. */
export function token(had) {
  const dialog = byId('door');
  const field = el('input', { type: 'password', name: 'token', required: true, autocomplete: 'off', spellcheck: 'false' });
  const form = el('form', {},
    el('h2', {}, 'A token is needed'),
    el('p', {}, had
      ? 'The host does not know this token: it may have been made for an earlier run.'
      : 'The host shows nothing to a caller it does not know.'),
    el('p', { class: 'quiet' }, 'Open the address that the host printed at its start, or make a token with ',
      el('code', {}, 'bulkhead token NAME ROLE'), '.'),
    el('label', {}, el('span', {}, 'Token'), field),
    el('div', { class: 'buttons' }, el('button', { type: 'submit', class: 'main' }, 'Connect')),
  );
  dialog.replaceChildren(form);
  return new Promise((resolve) => {
    const stay = (event) => event.preventDefault();
    dialog.addEventListener('cancel', stay);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      keepToken(field.value.trim());
      dialog.removeEventListener('cancel', stay);
      dialog.close();
      resolve();
    });
    dialog.showModal();
  });
}
