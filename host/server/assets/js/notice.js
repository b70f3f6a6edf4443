// The last thing that happened to a change: the host's own sentence, until it is closed or the next one comes.

import { byId, shown, text } from './dom.js';

export function say(message, failed = false) {
  text(byId('notice-text'), message);
  byId('notice').classList.toggle('bad', failed);
  shown(byId('notice'), true);
}

export function start() {
  byId('notice-close').addEventListener('click', () => shown(byId('notice'), false));
}
