// A chart over market time. Colours are those of the page, in light and in dark.

import uPlot from '../uplot/uPlot.esm.js';
import { el, text } from './dom.js';
import * as format from './format.js';

const HEIGHT = 150;
const TONES = { line: '--accent', area: '--bad', warn: '--warn', bad: '--bad' };

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const dark = matchMedia('(prefers-color-scheme: dark)');

function series([label, tone]) {
  const limit = tone === 'warn' || tone === 'bad';
  return {
    label,
    stroke: () => colour(TONES[tone]),
    width: limit ? 1 : 1.75,
    dash: limit ? [5, 4] : undefined,
    fill: tone === 'area' ? () => colour('--bad-soft') : undefined,
    points: { show: false },
  };
}

const DAY_S = 86_400;

/** Hours where they tell times apart, the date at midnight and on long spans. */
const times = (_, ticks, at, space, step) => ticks.map((seconds) => {
  const whole = format.stamp(seconds * 1_000);
  return step >= DAY_S || seconds % DAY_S === 0 ? whole.slice(5, 10) : whole.slice(11, 16);
});

const axis = (more) => ({
  stroke: () => colour('--quiet'),
  grid: { stroke: () => colour('--line'), width: 1 },
  ticks: { stroke: () => colour('--line'), width: 1 },
  font: '11px system-ui, sans-serif',
  ...more,
});

/** The scale follows the first series, and takes in limits that are near: one far away would flatten the line. */
function reach(columns, near) {
  const [, values, ...limits] = columns;
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const room = Math.max(high - low, Math.abs(high) * 0.002, 1e-9);
  for (const [limit] of limits) {
    if (limit > low - near * room && limit < low) low = limit;
    if (limit < high + near * room && limit > high) high = limit;
  }
  return [low - room * 0.08, high + room * 0.08];
}

export class Chart {
  #plot = null;
  #columns = [[], []];
  #lines;
  #from;
  #hang;
  #near;
  #shown;

  /** `lines`: `[label, tone]` each. `from`: a fixed start of the scale; `hang`: it grows downwards. `near`: a limit as far off as this many heights is taken in. */
  constructor(title, lines, value, { from = null, hang = false, near = 2 } = {}) {
    this.#lines = lines;
    this.#from = from;
    this.#hang = hang;
    this.#near = near;
    this.box = el('div', { class: 'plot', role: 'img', 'aria-label': title });
    this.#shown = el('span', { class: 'quiet' });
    this.value = value;
    const names = lines.map(([label, tone]) => el('span', { class: `key ${tone}` }, label));
    this.node = el('figure', { class: 'chart' }, el('figcaption', {}, el('strong', {}, title), names, this.#shown), this.box);
    new ResizeObserver(() => this.#fit()).observe(this.box);
    dark.addEventListener('change', () => this.#plot?.redraw(false));
  }

  draw(columns) {
    this.#columns = columns;
    if (this.#plot === null) this.#make();
    else this.#plot.setData(columns);
  }

  #range() {
    const [low, high] = reach(this.#columns, this.#near);
    return this.#from === null ? [low, high] : [this.#from, Math.max(high, 0.1)];
  }

  #make() {
    if (this.box.clientWidth === 0) return;
    const options = {
      width: this.box.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false },
      tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
      scales: { y: { range: () => this.#range(), dir: this.#hang ? -1 : 1 } },
      series: [{}, ...this.#lines.map(series)],
      axes: [axis({ space: 60, size: 28, values: times }), axis({ size: 66, space: 30, values: (_, all, at, space, step) => all.map((v) => format.fixed(v, step < 1 ? 2 : 0)) })],
      hooks: { setCursor: [(plot) => this.#point(plot.cursor.idx)] },
    };
    this.#plot = new uPlot(options, this.#columns, this.box);
  }

  #point(at) {
    const known = at !== null && at !== undefined && this.#columns[0][at] !== undefined;
    text(this.#shown, known ? `${format.stamp(this.#columns[0][at] * 1_000)}  ${this.value(this.#columns[1][at])}` : '');
  }

  #fit() {
    if (this.#plot === null) {
      if (this.#columns[0].length > 0) this.#make();
      return;
    }
    const width = this.box.clientWidth;
    if (width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: HEIGHT });
  }
}
