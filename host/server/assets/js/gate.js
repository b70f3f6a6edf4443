// The gate in words. What is in force the host says: nothing is worked out here.

/** What becomes of a hook's answer now. */
export function meaning({ authority, applied }) {
  if (authority === 'off') return 'is not asked';
  if (authority === 'observe') return 'is asked and logged, nothing of it is applied';
  return applied ? 'its answer is applied' : 'its answer is shown as advice, not applied';
}
