// The last thing that happened to a change: the host's own sentence. Bad news stays until it is closed.

import { byId, shown, text } from './dom.js';

/** Time to read good news. */
const READ_MS = 15_000;

let away = null;

export function say(message, failed = false) {
  clearTimeout(away);
  if (!failed) away = setTimeout(() => shown(byId('notice'), false), READ_MS);
  text(byId('notice-text'), message);
  byId('notice').classList.toggle('bad', failed);
  shown(byId('notice'), true);
}

export function start() {
  byId('notice-close').addEventListener('click', () => shown(byId('notice'), false));
}
