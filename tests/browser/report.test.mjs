// The pages that reports are written as: they need nothing but themselves, and a person sees what they hold.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { COMPONENTS, PROGRAM, ROOT } from './host.mjs';
import { DESK, NIGHT, PHONE, browser, shot, visit } from './page.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'bulkhead-report-'));
const at = (name) => path.join(folder, name);
const bulkhead = (...args) => execFileSync(PROGRAM, args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
const config = ['--config', 'config/host.toml', '--profile', 'coordination', '--plugins', COMPONENTS, '--state', at('state'), '--days', '3'];
const replay = (page, ...args) => bulkhead('replay', at('journal'), '--state', at('state'), '--full', '--html', at(page), ...args);

let chrome;

before(async () => {
  bulkhead('run', ...config, '--journal', at('journal'));
  replay('changed.html', '--set', 'subsystems.risk-os.config.max_positions=1', '--set', 'loop.position_pct=2.5');
  replay('same.html');
  bulkhead('replay', at('journal'), '--observed', '--html', at('observed.html'));
  bulkhead('sweep', ...config, '--vary', 'loop.position_pct=2.5,5', '--vary', 'subsystems.risk-os.config.max_positions=1,4', '--html', at('sweep.html'));
  chrome = await browser();
});

after(async () => {
  await chrome?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens a page from its file, and sees to it that it asks nobody for anything. */
async function open(name, look, run) {
  const requests = [];
  const link = pathToFileURL(at(name)).href;
  const page = await visit(chrome, link, look, (fresh) => fresh.on('request', (r) => requests.push(r.url())));
  try {
    await run(page);
    assert.deepEqual(requests.filter((url) => url !== link), [], 'it asked for something');
    assert.deepEqual(page.problems, []);
    assert.doesNotMatch(await page.locator('main').innerText(), /\[object|undefined|NaN|Infinity/);
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
    assert.ok(wide <= room, `${name} is ${wide} px wide where there are ${room}`);
  } finally {
    await page.context().close();
  }
}

const held = (name) => JSON.parse(/id="data">(.*?)<\/script>/s.exec(readFileSync(at(name), 'utf8'))[1]);
const drawn = (page, count) => page.waitForFunction((n) => document.querySelectorAll('.plot canvas').length >= n, count);

for (const [look, name] of [[DESK, 'desk'], [NIGHT, 'night'], [PHONE, 'phone']]) {
  test(`a full replay is seen at a glance: ${name}`, async () => {
    const report = held('changed.html');
    await open('changed.html', look, async (page) => {
      await drawn(page, 4);
      assert.deepEqual(await page.locator('.told li').allTextContents(), report.sentences);
      const figures = await page.locator('.card').allTextContents();
      assert.ok(figures.some((text) => text.includes('Trades closed') && text.includes(String(report.runs.after.trades))), figures.join('\n'));
      const settings = await page.locator('.changed-what li b').allTextContents();
      assert.ok(settings.includes('loop.position_pct'), settings.join());
      assert.equal(await page.locator('svg circle').count(), report.sizes.length);
      await shot(page, `report-${name}`, true);
    });
  });
}

test('answers of one hook are looked at, and lost trades have their reason', async () => {
  const report = held('changed.html');
  await open('changed.html', DESK, async (page) => {
    const sizing = page.locator('button.row', { hasText: 'sizing' });
    await sizing.click();
    const shown = await page.locator('.examples .top strong').allTextContents();
    assert.ok(shown.length > 0 && shown.every((hook) => hook === 'sizing'), shown.join());
    await sizing.click();
    assert.ok(report.runs.trades.lost > 0, 'nothing was lost: the test would see nothing');
    const [first] = report.runs.trades.list_lost;
    const row = page.locator('tbody tr', { hasText: first.symbol }).filter({ hasText: first.stopped }).first();
    await row.scrollIntoViewIfNeeded();
    assert.ok(await row.isVisible());
  });
});

test('no difference is said, and not drawn as one', async () => {
  await open('same.html', DESK, async (page) => {
    assert.match(await page.locator('.same').textContent(), /No difference/);
    assert.equal(await page.locator('.examples').count(), 0);
  });
});

test('what was only observed, and a sweep', async () => {
  await open('observed.html', PHONE, async (page) => {
    const rows = await page.locator('tbody tr').count();
    assert.equal(rows, held('observed.html').observed.length);
    await shot(page, 'report-observed', true);
  });
  await open('sweep.html', NIGHT, async (page) => {
    await drawn(page, 1);
    assert.equal(await page.locator('svg circle').count(), 4);
    const first = () => page.locator('tbody tr').first().locator('td').first().textContent();
    assert.equal(await first(), '1');
    await page.locator('th button', { hasText: 'Drawdown' }).click();
    const drawdowns = (await page.locator('tbody tr').allTextContents()).length;
    assert.equal(drawdowns, 4);
    await shot(page, 'sweep', true);
  });
});
