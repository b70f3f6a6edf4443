// A host and a browser for the tests of one file.

import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { Host } from './host.mjs';
import { browser, live, visit } from './page.mjs';

export function stand() {
  const host = new Host();
  let chrome;
  before(async () => {
    chrome = await browser();
    await host.start();
  });
  after(async () => {
    await chrome?.close();
    await host.end();
  });

  const open = (link, look, early) => visit(chrome, link, look, early);
  /** Opens a page that is live, does something with it, and expects that the browser had nothing to complain of. */
  const on = async (look, act) => {
    const page = await open(host.link, look);
    try {
      await live(page);
      await act(page);
      assert.deepEqual(page.problems, []);
    } finally {
      await page.context().close();
    }
  };
  return { host, on, open };
}
