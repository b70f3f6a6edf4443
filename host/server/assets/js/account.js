// Equity and drawdown against the limits.

import { Chart } from './chart.js';
import { byId, el, shown, text } from './dom.js';
import * as format from './format.js';
import { meter } from './meter.js';
import * as store from './store.js';

/** Points kept. Over that every second one goes. */
const MOST_POINTS = 1_200;

/** Equity over market time, as it was told. */
const history = [];

/** Takes a whole answer with its history. */
export function whole(account) {
  history.splice(0, history.length, ...(account.history ?? []));
  take(account);
}

/** Takes an event: the same without history. */
export function take(account) {
  const last = history.at(-1);
  if (account.known && (!last || account.event_time_ms > last[0])) history.push([account.event_time_ms, account.equity_usd]);
  if (history.length > MOST_POINTS) history.splice(0, history.length, ...history.filter((_, at) => at % 2 === 1));
  store.set('account', account);
}

/** Equity and drawdown from the highest equity before, as columns for the charts. */
function columns(account) {
  const times = history.map(([ms]) => ms / 1_000);
  const equity = history.map(([, usd]) => usd);
  let peak = -Infinity;
  const drawdown = equity.map((usd) => {
    peak = Math.max(peak, usd);
    return peak > 0 ? ((peak - usd) / peak) * 100 : 0;
  });
  const { limits } = account;
  const level = (usd) => times.map(() => usd);
  const halt = account.day_start_usd * (1 - limits.daily_drawdown_halt_pct / 100);
  const close = account.peak_usd * (1 - limits.open_drawdown_close_pct / 100);
  return {
    equity: [times, equity, level(halt), level(close)],
    drawdown: [times, drawdown, level(limits.open_drawdown_close_pct)],
  };
}

/** A figure against its limit. */
function against(label) {
  const now = el('strong', {});
  const most = el('span', { class: 'quiet' });
  const bar = meter();
  const node = el('div', { class: 'against' }, el('span', { class: 'label' }, label), el('span', {}, now, ' ', most), bar.node);
  const set = (value, limit, shownAs) => {
    text(now, shownAs(value));
    text(most, `of ${shownAs(limit)}`);
    bar.set(limit > 0 ? value / limit : 0);
  };
  return { node, set };
}

function figure(label) {
  const value = el('strong', {});
  return { node: el('div', { class: 'figure' }, el('span', { class: 'label' }, label), value), value };
}

const points = (n) => format.percent(n, 1);

export function start() {
  const none = el('p', { class: 'quiet' }, 'No account is known yet: the market has not begun.');
  const equity = figure('Equity, USD');
  const balance = figure('Balance, USD');
  const day = figure('Today, USD');
  const orders = figure('Working orders');
  const trades = figure('Trades closed');
  const daily = against('Drawdown of the day: halt');
  const open = against('Drawdown from the peak: halt and close');
  const gross = against('Gross exposure');
  const positions = against('Open positions');
  const lines = new Chart('Equity, USD', [['equity', 'line'], ['halt of the day', 'warn'], ['close', 'bad']], (v) => format.usd(v), { near: 2 });
  const depth = new Chart('Drawdown from the peak, %', [['drawdown', 'area'], ['close', 'bad']], (v) => format.percent(v), { from: 0, hang: true, near: Infinity });
  const body = el('div', {},
    el('div', { class: 'figures' }, [equity, balance, day, orders, trades].map((f) => f.node)),
    el('div', { class: 'againsts' }, [daily, open, gross, positions].map((a) => a.node)),
    lines.node, depth.node);
  byId('account-body').append(none, body);
  shown(body, false);

  store.watch('account', (account) => {
    shown(none, !account.known);
    shown(body, account.known);
    if (!account.known) return;
    const gained = account.equity_usd - account.day_start_usd;
    text(equity.value, format.usd(account.equity_usd));
    text(balance.value, format.usd(account.balance_usd));
    text(day.value, `${gained >= 0 ? '+' : '\u2212'}${format.usd(Math.abs(gained))}`);
    day.value.className = gained >= 0 ? 'good' : 'bad';
    text(orders.value, format.count(account.working_orders));
    text(trades.value, format.count(account.trades_closed));
    daily.set(account.daily_drawdown_pct, account.limits.daily_drawdown_halt_pct, format.percent);
    open.set(account.open_drawdown_pct, account.limits.open_drawdown_close_pct, format.percent);
    gross.set(account.gross_exposure_pct, account.limits.max_gross_exposure_pct, points);
    positions.set(account.open_positions, account.limits.max_open_positions, format.count);
    const drawn = columns(account);
    lines.draw(drawn.equity);
    depth.draw(drawn.drawdown);
  });
}
