// Building the page. Text is only ever set as text: what a plugin says never becomes markup.

/** An element. `props`: `class`, `on`: listeners, `set`: properties, everything else an attribute. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  const { class: names, on = {}, set = {}, ...attributes } = props;
  if (names) node.className = names;
  for (const [name, listener] of Object.entries(on)) node.addEventListener(name, listener);
  Object.assign(node, set);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== null && value !== false) node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export const byId = (id) => document.getElementById(id);

/** Sets text only where it is another one: a selection and a screen reader's place stay. */
export function text(node, value) {
  const wanted = value === null || value === undefined ? '' : String(value);
  if (node.textContent !== wanted) node.textContent = wanted;
  return node;
}

/** Shows or hides. */
export function shown(node, on) {
  if (node.hidden === on) node.hidden = !on;
  return node;
}

/** Keeps one child per key, in this order; only new keys make nodes. */
export function keyed(parent, items, key, make, update) {
  const known = parent.keyed ?? (parent.keyed = new Map());
  const wanted = new Set();
  let place = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    wanted.add(id);
    let row = known.get(id);
    if (!row) {
      row = make(item);
      known.set(id, row);
    }
    update?.(row, item);
    if (row.node === place) place = place.nextElementSibling;
    else parent.insertBefore(row.node, place);
  }
  for (const [id, row] of known) {
    if (!wanted.has(id)) {
      row.node.remove();
      known.delete(id);
    }
  }
}

/** Runs it at most once in so many ms, the last time included. */
export function throttled(ms, run) {
  let timer = null;
  let last = -Infinity;
  return () => {
    if (timer !== null) return;
    const wait = Math.max(0, last + ms - performance.now());
    timer = setTimeout(() => {
      timer = null;
      last = performance.now();
      run();
    }, wait);
  };
}
