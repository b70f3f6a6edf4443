// The stage of the rollout, and going to another one.

import { change } from './api.js';
import { confirm } from './ask.js';
import { byId, el, shown, text } from './dom.js';
import * as store from './store.js';

const STAGES = [
  ['OBSERVATION', 'Everything is logged, nothing changes.'],
  ['PARTIAL', 'Thresholds, sizes and slippage checks take effect; the rest is logged or shown.'],
  ['COORDINATION', 'Directives and vetoes take effect; amplification and rebalancing are shown.'],
  ['AUTONOMY', 'Everything takes effect, retraining excepted.'],
];

async function go(stage, words) {
  const now = store.get('status').stage;
  const names = STAGES.map(([name]) => name);
  const up = names.indexOf(stage) > names.indexOf(now);
  await confirm({
    title: `Stage ${now} \u2192 ${stage}?`,
    words: `${words} Plugins bound to that stage are tried first; if one of them is refused, the old stage stays.`,
    yes: `Go to ${stage}`,
    danger: up,
    carry: async ({ reason, actor }) => {
      const done = await change('PUT', '/ai/stage', { stage, reason, actor });
      store.merge({ stage: done.stage });
      return done.message;
    },
  });
}

export function start() {
  const buttons = STAGES.map(([stage, words]) => {
    const button = el('button', { type: 'button', 'data-stage': stage, on: { click: () => go(stage, words) } },
      el('strong', {}, stage), el('span', {}, words));
    return { stage, button };
  });
  const policy = el('p', { class: 'quiet' });
  byId('stage-body').append(el('div', { class: 'stages' }, buttons.map((b) => b.button)), policy);
  store.watch('status', (status) => {
    for (const { stage, button } of buttons) {
      const here = stage === status.stage;
      button.setAttribute('aria-pressed', here);
      button.disabled = here;
    }
    text(policy, status.policy === 'live'
      ? 'Policy live: where a veto is enforced and its plugin fails, the answer is to deny what increases exposure.'
      : 'Policy seed: nothing that a plugin does wrong stops trading.');
    text(byId('top-stage'), status.stage);
    shown(byId('top-stage'), true);
  });
}
