// A bar for a share of 0 to 1.

import { el } from './dom.js';

export function meter() {
  const fill = el('i', {});
  const node = el('span', { class: 'meter' }, fill);
  const set = (value) => {
    fill.style.width = `${Math.min(100, Math.max(0, value * 100)).toFixed(2)}%`;
    node.dataset.level = value >= 0.9 ? 'bad' : value >= 0.7 ? 'warn' : '';
  };
  return { node, set };
}
