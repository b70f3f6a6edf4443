// What is known of the host, and who wants to hear of it.

const known = {
  /** `/ai/status`: brake, stage, journal, subsystems. */
  status: null,
  /** Counters of `/ai/metrics`, one per hook. */
  hooks: null,
  /** Why the host does not do what it is there for, a sentence each. */
  problems: null,
  /** `/ai/account`. */
  account: null,
};
const listeners = new Map();

export const get = (key) => known[key];

export function set(key, value) {
  known[key] = value;
  for (const listener of listeners.get(key) ?? []) listener(value);
}

/** Calls now, where something is known, and at every change. */
export function watch(key, listener) {
  listeners.set(key, [...(listeners.get(key) ?? []), listener]);
  if (known[key] !== null) listener(known[key]);
}

/** Lays what an event says over the state. */
export function merge(change) {
  if (known.status !== null) set('status', { ...known.status, ...change });
}

/** The same for one subsystem, or for several by name. */
export function mergeSubsystems(changes) {
  if (known.status === null) return;
  const subsystems = known.status.subsystems.map((s) => (changes[s.name] ? { ...s, ...changes[s.name] } : s));
  merge({ subsystems });
}
