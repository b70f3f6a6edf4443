// Building the page. Text is only ever set as text: nothing that a plugin said becomes markup.

function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === 'class') node.className = value;
    else if (name === 'on') Object.entries(value).forEach(([event, run]) => node.addEventListener(event, run));
    else if (name === 'style') Object.entries(value).forEach(([key, style]) => node.style.setProperty(key, style));
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = ['http', '://www.w3.org/2000/svg'].join('');

function draw(tag, props = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children.flat(Infinity));
  return node;
}

const part = (kind, title, ...children) => el('section', { class: kind }, el('h2', {}, title), ...children);
const key = (label, tone, box = false) => el('span', { class: box ? 'key box' : 'key' }, el('i', { style: { background: tone } }), label);

/** A table. `columns`: title, how a cell is made of a row, and whether it holds numbers. */
function table(columns, rows, { tall = false, mark = () => '' } = {}) {
  const head = columns.map(([title, , number]) => el('th', { class: number === true ? 'number' : '', scope: 'col' }, title));
  const body = rows.map((row) => el('tr', { class: mark(row) },
    columns.map(([, cell, number]) => el('td', { class: number === true ? 'number' : number || '' }, cell(row)))));
  return el('div', { class: tall ? 'scroll tall' : 'scroll', tabindex: tall ? '0' : null },
    el('table', {}, el('thead', {}, el('tr', {}, head)), el('tbody', {}, body)));
}

/** Buttons of which one is pressed. */
function tabs(names, shown, first = 0) {
  const buttons = names.map((name, at) => el('button', { type: 'button', 'aria-pressed': String(at === first), on: { click: () => press(at) } }, name));
  const press = (at) => {
    buttons.forEach((button, other) => button.setAttribute('aria-pressed', String(other === at)));
    shown(at);
  };
  shown(first);
  return el('div', { class: 'tabs', role: 'group' }, buttons);
}
