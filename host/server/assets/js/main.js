// The page: reads the state, follows the events, and says when it is not live.

import * as account from './account.js';
import { credentials, read, takeToken } from './api.js';
import * as attention from './attention.js';
import * as brake from './brake.js';
import * as decisions from './decisions.js';
import * as door from './door.js';
import { byId, shown, text, throttled } from './dom.js';
import * as format from './format.js';
import * as funnel from './funnel.js';
import * as latency from './latency.js';
import * as notice from './notice.js';
import * as stage from './stage.js';
import * as store from './store.js';
import { Follow } from './stream.js';
import * as subsystems from './subsystems.js';

/** Counters are read this often while the page is seen. */
const COUNTERS_MS = 2_000;

takeToken();
for (const part of [notice, brake, attention, account, stage, subsystems, funnel, latency, decisions]) part.start();

let lostAt = null;

async function counters() {
  const [{ hooks, status }, { problems }] = await Promise.all([read('/ai/metrics'), read('/health/ai')]);
  store.set('problems', problems);
  store.set('hooks', hooks);
  store.set('status', status);
}

/** A poll that finds nobody ends a stream that has not noticed yet. */
async function poll() {
  if (document.hidden || lostAt !== null || store.get('status') === null) return;
  try {
    await counters();
  } catch (problem) {
    if (problem.status === 0) follow.drop();
  }
}

const soon = throttled(250, poll);

const EVENTS = {
  brake: (value) => {
    store.merge({ brake: value });
    soon();
  },
  dials: (value) => {
    store.merge(value);
    soon();
  },
  subsystem: (value) => {
    store.mergeSubsystems({ [value.name]: value });
    soon();
  },
  counts: ({ event_time_ms, journal, subsystems: counted }) => {
    store.merge({ event_time_ms, journal });
    store.mergeSubsystems(counted);
  },
  account: account.take,
  decisions: decisions.arrived,
  lagged: ({ not_looked_for_ms: ms }) => {
    notice.say(`This page was too slow for ${format.span(ms)} and missed events; what it shows is the state now.`);
    soon();
    decisions.refresh();
  },
};

function live() {
  lostAt = null;
  document.body.classList.remove('stale');
  shown(byId('lost'), false);
  text(byId('top-live'), 'live');
  byId('top-live').className = 'live good';
}

const follow = new Follow({
  open: async () => {
    await counters();
    try {
      account.whole(await read('/ai/account'));
    } catch (problem) {
      if (problem.status !== 404) throw problem;
    }
    decisions.refresh();
    live();
  },
  event: (name, value) => EVENTS[name]?.(value),
  lost: (problem, ms) => {
    lostAt ??= new Date();
    document.body.classList.add('stale');
    shown(byId('lost'), true);
    text(byId('lost-since'), `Not live since ${format.wall(lostAt)}.`);
    const why = problem?.status ? `The host says: ${problem.message}.` : 'The host does not answer.';
    text(byId('lost-what'), `${why} What stands here is the last that was known. Next try in ${format.span(Math.max(1_000, ms))}.`);
    text(byId('top-live'), 'not live');
    byId('top-live').className = 'live bad';
  },
  stranger: () => {
    text(byId('top-live'), 'no token');
    byId('top-live').className = 'live bad';
    return door.token(Boolean(credentials().Authorization));
  },
});

store.watch('status', (status) => {
  text(byId('top-time'), status.event_time_ms ? `${format.stamp(status.event_time_ms)} market time` : 'the market has not begun');
  text(byId('foot'), `Bulkhead ${status.host}, up ${format.span(status.uptime_ms)}. Journal: ${format.count(status.journal.written)} of ${format.count(status.journal.appended)} records on disk, ${format.count(status.journal.dropped)} lost. Market times are UTC.`);
});
store.watch('account', ({ progress }) => {
  if (!progress?.bars_total) return;
  const share = format.share(progress.bars_done / progress.bars_total);
  byId('top-time').title = `${format.count(progress.bars_done)} of ${format.count(progress.bars_total)} bars`;
  byId('top-time').dataset.progress = progress.ended ? 'replay ended' : `replay ${share}`;
});

byId('lost-now').addEventListener('click', () => follow.now());
addEventListener('online', () => follow.now());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  follow.now();
  soon();
});
setInterval(poll, COUNTERS_MS);
follow.run();
