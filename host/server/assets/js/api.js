// Talking to the host: one token, one way for errors.

const KEY = 'bulkhead-token';
/** A change can compile a plugin. */
const CHANGE_MS = 125_000;
const READ_MS = 12_000;

/** An answer that is no success, in the host's own sentence. Status 0: there was no answer. */
export class Problem extends Error {
  constructor(status, code, message) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** Takes the token out of the address bar: it must not stand in a history or on a shared screen. */
export function takeToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given === null) return;
  sessionStorage.setItem(KEY, given);
  history.replaceState(null, '', location.pathname + location.search);
}

export const keepToken = (token) => sessionStorage.setItem(KEY, token);

/** Headers that say who asks. */
export function credentials() {
  const token = sessionStorage.getItem(KEY);
  return token ? { Authorization: `Bearer ${token}` } : {};
}

/** The problem in an answer. */
export async function problem(response) {
  try {
    const { error } = await response.json();
    return new Problem(response.status, error.code, error.message);
  } catch {
    return new Problem(response.status, 'http', `the host answered with status ${response.status} and no word about it`);
  }
}

async function ask(method, path, body, ms) {
  const headers = credentials();
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    const options = { method, headers, cache: 'no-store', signal: AbortSignal.timeout(ms) };
    if (body !== undefined) options.body = JSON.stringify(body);
    response = await fetch(path, options);
  } catch {
    const what = method === 'GET' ? '' : '; whether it changed anything is not known: look at the state before you try again';
    throw new Problem(0, 'no-answer', `the host does not answer${what}`);
  }
  if (!response.ok) throw await problem(response);
  return response.json();
}

export const read = (path) => ask('GET', path, undefined, READ_MS);
export const change = (method, path, body) => ask(method, path, body, CHANGE_MS);
