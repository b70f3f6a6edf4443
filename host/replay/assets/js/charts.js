// Charts over market time. Colours are those of the page, in light and in dark; zooming one zooms all.

const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const dark = matchMedia('(prefers-color-scheme: dark)');
const together = uPlot.sync('time');
const charts = [];

const DAY_S = 86400;
const times = (_, ticks, at, space, step) => ticks.map((seconds) => {
  const text = new Date(seconds * 1000).toISOString();
  return step >= DAY_S || seconds % DAY_S === 0 ? text.slice(5, 10) : text.slice(11, 16);
});

const axis = (more) => ({
  stroke: () => colour('--quiet'),
  grid: { stroke: () => colour('--line'), width: 1 },
  ticks: { stroke: () => colour('--line'), width: 1, size: 4 },
  font: '11px system-ui, sans-serif',
  ...more,
});

/**
 * `series`: label, colour's name, and more for uPlot. `value` writes what is under the pointer.
 * `bars`: the values stand for whole stretches of time.
 */
function chart(box, columns, series, { height = 190, hang = false, value, range = null, bars = false }) {
  const at = el('span', { class: 'at' });
  const keys = series.map(([label, tone]) => {
    const shown = el('b', {});
    return { shown, node: el('span', { class: bars ? 'key box' : 'key' }, el('i', { style: { background: `var(${tone})` } }), label, ' ', shown) };
  });
  const room = el('div', { class: 'plot' });
  box.append(el('div', { class: 'keys' }, keys.map((k) => k.node), at), room);
  const point = (plot) => {
    const idx = plot.cursor.idx;
    const on = idx !== null && idx !== undefined && columns[0][idx] !== undefined;
    at.textContent = on ? stamp(columns[0][idx] * 1000) : '';
    keys.forEach((k, n) => { k.shown.textContent = on ? value(columns[n + 1][idx], n, idx) : ''; });
  };
  const options = {
    width: 300, height, legend: { show: false },
    cursor: { drag: { x: true, y: false, uni: 20 }, y: false, sync: { key: together.key, scales: ['x', null] }, points: { size: 6 } },
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
    scales: { y: { dir: hang ? -1 : 1, ...(range ? { range } : {}) } },
    series: [{}, ...series.map(([label, tone, more]) => ({ label, stroke: () => colour(tone), width: 1.75, points: { show: false }, spanGaps: true, ...more }))],
    axes: [axis({ space: 60, size: 28, values: times }), axis({ size: 62, space: 30, values: (_, all, i, space, step) => all.map((v) => v.toLocaleString('en-US', { minimumFractionDigits: step < 1 ? (step < 0.1 ? 2 : 1) : 0 })) })],
    hooks: { setCursor: [point] },
  };
  let plot = null;
  const fit = () => {
    const width = room.clientWidth;
    if (width === 0) return;
    if (plot === null) {
      plot = new uPlot(options, columns, room);
      together.sub(plot);
      charts.push(plot);
    } else if (plot.width !== width) plot.setSize({ width, height });
  };
  new ResizeObserver(fit).observe(room);
  return box;
}

dark.addEventListener('change', () => charts.forEach((plot) => plot.redraw(false)));

/** Ticks at round numbers. */
function round125(low, high, most) {
  const raw = Math.max((high - low) / most, 1e-12);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= raw);
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) ticks.push(Number(v.toPrecision(12)));
  return ticks;
}

/** Points on two scales. `points`: x, y, words, and a class. */
function scatter(points, { x, y, diagonal = false, width = 560, height = 400, over = () => {} }) {
  const left = 58, right = 14, top = 12, bottom = 44;
  const extent = (at) => {
    const all = points.map((p) => p[at]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    const pad = (high - low || Math.abs(high) || 1) * 0.06;
    return [low >= 0 && low < (high - low) * 0.6 ? 0 : low - pad, high + pad];
  };
  let [dx, dy] = [extent(0), extent(1)];
  if (diagonal) {
    const both = [0, Math.max(dx[1], dy[1])];
    [dx, dy] = [both, both];
  }
  const px = (v) => left + ((v - dx[0]) / (dx[1] - dx[0])) * (width - left - right);
  const py = (v) => height - bottom - ((v - dy[0]) / (dy[1] - dy[0])) * (height - top - bottom);
  const label = (v, all) => v.toLocaleString('en-US', { maximumFractionDigits: Math.max(...all) - Math.min(...all) < 5 ? 2 : 0 });
  const node = draw('svg', { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': `${y} over ${x}` });
  const [tx, ty] = [round125(...dx, 6), round125(...dy, 6)];
  for (const v of tx) {
    node.append(draw('line', { class: 'grid', x1: px(v), x2: px(v), y1: top, y2: height - bottom }));
    node.append(draw('text', { x: px(v), y: height - bottom + 16, 'text-anchor': 'middle' }, label(v, tx)));
  }
  for (const v of ty) {
    node.append(draw('line', { class: 'grid', x1: left, x2: width - right, y1: py(v), y2: py(v) }));
    node.append(draw('text', { x: left - 7, y: py(v) + 4, 'text-anchor': 'end' }, label(v, ty)));
  }
  if (diagonal) node.append(draw('line', { class: 'diagonal', x1: px(dx[0]), y1: py(dx[0]), x2: px(dx[1]), y2: py(dx[1]) }));
  const dots = points.map(([vx, vy, words, names]) => {
    const dot = draw('circle', { cx: px(vx), cy: py(vy), r: points.length > 600 ? 3 : 4.5, class: names ?? '' }, draw('title', {}, words));
    dot.addEventListener('pointerenter', () => over(words));
    return dot;
  });
  node.append(...dots, draw('text', { x: (left + width - right) / 2, y: height - 8, 'text-anchor': 'middle' }, x));
  node.append(draw('text', { x: 13, y: (top + height - bottom) / 2, 'text-anchor': 'middle', transform: `rotate(-90 13 ${(top + height - bottom) / 2})` }, y));
  return { node, dots };
}
