// The host's events. Read with fetch, because an EventSource cannot say who it is.

import { credentials, problem } from './api.js';

/** The host gives a sign of life every 15 s at least. */
const SILENCE_MS = 20_000;
const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Splits a stream into events; a line that is not complete waits for its rest. */
export function parser(onEvent) {
  let rest = '';
  let name = 'message';
  let data = [];
  const line = (text) => {
    if (text === '') {
      if (data.length > 0) onEvent(name, data.join('\n'));
      [name, data] = ['message', []];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  };
  return (chunk) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop();
    for (const each of lines) line(each.replace(/\r$/, ''));
  };
}

/** One connection, to its end. */
async function once(onOpen, onEvent, signal) {
  const silent = new AbortController();
  let watch = setTimeout(() => silent.abort(), SILENCE_MS);
  const alive = () => {
    clearTimeout(watch);
    watch = setTimeout(() => silent.abort(), SILENCE_MS);
  };
  try {
    const options = { headers: credentials(), cache: 'no-store', signal: AbortSignal.any([silent.signal, signal]) };
    const response = await fetch('/ai/events', options);
    if (!response.ok) throw await problem(response);
    alive();
    await onOpen();
    const feed = parser((name, data) => onEvent(name, JSON.parse(data)));
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      alive();
      feed(value);
    }
  } finally {
    clearTimeout(watch);
  }
}

/**
 * Follows the events for as long as the page lives.
 * `on.open`: connected, before the first event; `on.event(name, value)`; `on.lost(error, ms)`: not connected, next try in
 * ms; `on.stranger()`: nobody knows who we are, resolves once a token was given.
 */
export class Follow {
  #on;
  #again = null;
  #cut = new AbortController();

  constructor(on) {
    this.#on = on;
  }

  /** Tries at once. */
  now() {
    this.#again?.();
  }

  /** Drops a connection that others found dead. */
  drop() {
    this.#cut.abort();
  }

  async run() {
    let wait = FIRST_MS;
    for (;;) {
      let lost = null;
      this.#cut = new AbortController();
      const open = async () => {
        wait = FIRST_MS;
        await this.#on.open();
      };
      try {
        await once(open, this.#on.event, this.#cut.signal);
      } catch (error) {
        lost = error;
      }
      if (lost?.status === 401) {
        await this.#on.stranger();
        continue;
      }
      // Many pages must not come back in the same moment.
      const pause = wait * (0.75 + Math.random() / 2);
      wait = Math.min(2 * wait, LONGEST_MS);
      this.#on.lost(lost, pause);
      await new Promise((done) => {
        this.#again = done;
        setTimeout(done, pause);
      });
      this.#again = null;
    }
  }
}
