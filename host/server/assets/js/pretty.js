// A JSON document to read: one line where it is short, colours by kind of value, never markup.

import { el } from './dom.js';

const WIDTH = 76;

function scalar(value) {
  const kind = value === null ? 'null' : typeof value;
  return el('span', { class: `v-${kind}` }, JSON.stringify(value));
}

/** A long list of plain values, as many on a line as fit. */
function fill(out, values, indent, inner) {
  let room = 0;
  out.push('[');
  values.forEach((value, at) => {
    const length = JSON.stringify(value).length + 2;
    const fits = length <= room;
    out.push(at > 0 ? (fits ? ', ' : ',') : '', fits ? '' : `\n${inner}`, scalar(value));
    room = (fits ? room : WIDTH - inner.length) - length;
  });
  out.push(`\n${indent}`, ']');
}

function write(out, value, indent) {
  if (value === null || typeof value !== 'object') {
    out.push(scalar(value));
    return;
  }
  const list = Array.isArray(value);
  const entries = list ? value.map((v) => [null, v]) : Object.entries(value);
  const [open, close] = list ? '[]' : '{}';
  const flat = entries.length === 0 || JSON.stringify(value).length + indent.length <= WIDTH;
  const inner = `${indent}  `;
  if (list && !flat && value.every((v) => v === null || typeof v !== 'object')) {
    fill(out, value, indent, inner);
    return;
  }
  out.push(open);
  entries.forEach(([key, v], at) => {
    out.push(at > 0 ? (flat ? ', ' : ',') : '', flat ? (at === 0 && !list ? ' ' : '') : `\n${inner}`);
    if (key !== null) out.push(el('span', { class: 'v-key' }, key), ': ');
    write(out, v, inner);
  });
  out.push(flat ? (list || entries.length === 0 ? '' : ' ') : `\n${indent}`, close);
}

export function pretty(value) {
  const out = [];
  write(out, value, '');
  return el('pre', { class: 'json' }, out);
}
