// What a person sees, against what the host says.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { until } from './host.mjs';
import { DESK, NIGHT, PHONE, carryOut, live, row, shot } from './page.mjs';
import { stand } from './stand.mjs';

const { host, on, open } = stand();

test('the page shows what the host says, and keeps its token to itself', async () => {
  await on(DESK, async (page) => {
    assert.equal(page.url(), `${host.origin}/`, 'the token is gone from the address bar');
    const { body: status } = await host.api('GET', '/ai/status');
    const names = await page.locator('.subsystem .who strong').allTextContents();
    assert.deepEqual(names, status.subsystems.map((s) => s.name));
    assert.equal(await page.locator('#top-stage').textContent(), 'COORDINATION');
    assert.equal(await page.locator('.brake-title').textContent(), 'Released');
    assert.equal(await page.locator('[data-stage=COORDINATION]').getAttribute('aria-pressed'), 'true');
    await page.waitForFunction(() => document.querySelectorAll('#funnel .step').length > 3);
    await page.waitForFunction(() => document.querySelectorAll('.latency tbody tr').length > 3);
    await page.waitForFunction(() => document.querySelectorAll('.plot canvas').length === 2);
    const risk = status.subsystems.find((s) => s.name === 'risk-os');
    assert.match(await row(page, 'risk-os').locator('.who').textContent(), new RegExp(`${risk.version} . ${risk.digest.slice(0, 12)}`));
    assert.doesNotMatch(await page.locator('main').innerText(), /\[object|undefined|NaN/);
    await shot(page, 'load', true);
  });
});

test('what each subsystem may do is what the gate says', async () => {
  await on(NIGHT, async (page) => {
    const hfos = row(page, 'ai-hfos');
    const chip = (hook) => hfos.locator('.chips li', { hasText: hook });
    assert.equal(await chip('risk').getAttribute('data-authority'), 'enforce');
    assert.equal(await chip('amplification').getAttribute('data-authority'), 'advise');
    await hfos.locator('.open').click();
    const meanings = await hfos.locator('.meanings li').allTextContents();
    assert.ok(meanings.some((m) => m.startsWith('post-trade-amplification-check') && m.endsWith('shown as advice, not applied')), meanings.join('\n'));
    await shot(page, 'night-details');
  });
});

test('a decision arrives and is opened', async () => {
  await on(DESK, async (page) => {
    const first = page.locator('.decisions li').first();
    await first.waitFor();
    const known = Number(await first.getAttribute('data-id'));
    await page.waitForFunction((id) => Number(document.querySelector('.decisions li').dataset.id) > id, known);
    await page.locator('#decisions').scrollIntoViewIfNeeded();
    await shot(page, 'decisions');
    await page.locator('.decisions').hover();
    const newest = page.locator('.decisions li').first();
    const id = Number(await newest.getAttribute('data-id'));
    assert.ok(id > known);
    await newest.locator('button').click();
    const record = page.locator('#record[open]');
    await record.getByText('What was asked').waitFor();
    await shot(page, 'decision-opened');
    assert.doesNotMatch(await record.textContent(), /\[object|undefined|NaN/);
    const shown = Number(/#(\d+)/.exec(await record.locator('h2').textContent())[1]);
    const { body: call } = await host.api('GET', `/ai/decisions/${shown}`);
    assert.ok((await record.locator('h2').textContent()).startsWith(call.hook));
    assert.deepEqual((await record.locator('.part h3').allTextContents()).map((t) => t.split(' ')[0]), call.decisions.map((d) => d.subsystem));
    const asked = await record.locator('details pre').textContent();
    assert.equal(asked.replace(/\s/g, ''), unquoted(call.input));
  });
});

/** The page shows documents without quotes around names. */
function unquoted(value) {
  if (Array.isArray(value)) return `[${value.map(unquoted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value).replace(/\s/g, '');
  return `{${Object.entries(value).map(([key, v]) => `${key}:${unquoted(v)}`).join(',')}}`;
}

test('nothing moves under the pointer', async () => {
  await on(DESK, async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('.decisions li').length > 20);
    await page.locator('.decisions').hover();
    const ids = () => page.locator('.decisions li').evaluateAll((all) => all.map((li) => li.dataset.id).join());
    await page.waitForFunction(() => /^\d/.test(document.querySelector('#decision-filters .flow button:nth-child(2)').textContent));
    const held = await ids();
    const waiting = page.locator('#decision-filters .flow button').nth(1);
    const before = await waiting.textContent();
    await until('more decisions', async () => (await waiting.textContent()) !== before);
    assert.equal(await ids(), held);
    await waiting.click();
    await until('the list to go on', async () => (await ids()) !== held);
  });
});

test('decisions are filtered', async () => {
  await on(DESK, async (page) => {
    await page.locator('select[name=subsystem]').selectOption('mean-reversion');
    await page.waitForFunction(() => {
      const all = [...document.querySelectorAll('.decisions .d-who')].map((who) => who.textContent);
      return all.length > 0 && all.every((who) => who === 'mean-reversion');
    });
    await page.locator('select[name=outcome]').selectOption('advised');
    await page.getByText('No decision like this yet.').waitFor();
    await page.getByText('Clear').click();
    await page.waitForFunction(() => new Set([...document.querySelectorAll('.decisions .d-who')].map((who) => who.textContent)).size > 1);
  });
});

test('what happened to a trade is seen', async () => {
  await on(NIGHT, async (page) => {
    await page.waitForFunction(() => document.querySelectorAll('.reasons li').length > 0);
    const hooks = () => page.locator('.decisions .d-hook').allTextContents();
    await page.locator('select[name=hook]').selectOption('pre-trade-risk-check');
    await until('only risk checks', async () => [...new Set(await hooks())].join() === 'risk');
    await page.locator('.decisions li button').first().click();
    await page.locator('#record[open]').getByText('everything about this order').click();
    const order = await page.locator('input[name=correlation]').inputValue();
    const { body: { decisions } } = await host.api('GET', `/ai/decisions?correlation=${order}&limit=100`);
    assert.ok(decisions.length > 0 && decisions.every((d) => String(d.correlation) === order));
    const known = decisions.map((d) => `${d.id} ${d.subsystem}`).sort().join();
    await until('all of the order, and nothing else', async () => {
      const rows = page.locator('.decisions li');
      const shown = await rows.evaluateAll((all) => all.map((li) => `${li.dataset.id} ${li.querySelector('.d-who').textContent}`));
      return shown.sort().join() === known;
    });
    assert.ok((await hooks()).includes('risk'));
    await shot(page, 'night-order');
    await page.evaluate(() => window.scrollTo(0, 0));
    await shot(page, 'night-whole', true);
  });
});

test('it is readable on a phone, and the halt is at hand', async () => {
  await on(PHONE, async (page) => {
    const [wide, room] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    assert.ok(wide <= room, `${wide} is wider than ${room}`);
    await shot(page, 'phone');
    await page.locator('#subsystems').scrollIntoViewIfNeeded();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight / 2));
    const halt = page.locator('#top-halt');
    const box = await halt.boundingBox();
    assert.ok(box.y >= 0 && box.y + box.height <= 200 && box.height >= 36, JSON.stringify(box));
    await halt.tap();
    await page.locator('#ask').getByText('Engage halt').waitFor();
    await shot(page, 'phone-halt');
    await page.locator('#ask').getByText('Cancel').tap();
    await page.evaluate(() => window.scrollTo(0, 0));
    await shot(page, 'phone-whole', true);
  });
});

const HOSTILE = '<img src=x onerror="document.title=\'taken\'"><script>document.title="taken"</script>';

test('what plugins and people say never becomes markup', async () => {
  assert.equal((await host.api('POST', '/ai/emergency', { kind: 'bypass', reason: HOSTILE, actor: '<b>eve</b>' })).status, 200);
  const { body: { generation } } = await host.api('GET', '/ai/emergency');
  const lie = (s) => ({
    ...s,
    plugin: HOSTILE,
    version: HOSTILE,
    state: 'failing',
    last_fault: { class: 'declared', text: HOSTILE },
    refused: { digest: 'ab'.repeat(32), step: HOSTILE, reason: HOSTILE },
    alarms: [{ hook: HOSTILE, kind: HOSTILE }],
  });
  // No shipped plugin has such a name: the host's answer is changed on its way.
  const meddle = (page) => page.route('**/ai/metrics', async (route) => {
    const response = await route.fetch();
    const json = await response.json();
    json.status.subsystems = json.status.subsystems.map(lie);
    json.hooks = json.hooks.map((h) => ({ ...h, calls: 3, asked: 3, hook: `${h.hook}${HOSTILE}`, refusals: [{ subsystem: HOSTILE, reason: HOSTILE, count: 2 }] }));
    await route.fulfill({ response, json });
  });
  const page = await open(host.link, DESK, async (early) => {
    await meddle(early);
    await early.route('**/health/ai', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), problems: [HOSTILE] } });
    });
  });
  await live(page);
  await row(page, 'risk-os').locator('.open').click();
  await page.locator('.brake-why', { hasText: HOSTILE }).waitFor();
  await page.locator('#attention .bad', { hasText: `Host: ${HOSTILE}` }).waitFor();
  await page.locator('#attention .warn', { hasText: HOSTILE }).first().waitFor();
  await page.locator('#funnel', { hasText: HOSTILE }).waitFor();
  await shot(page, 'hostile-text');
  const made = await page.evaluate(() => [document.querySelectorAll('main img, main script, #ask img').length, document.title]);
  assert.equal(made[0], 0);
  assert.notEqual(made[1], 'taken');
  await page.getByText('Release\u2026').click();
  assert.equal(await page.locator('#ask img').count(), 0);
  await carryOut(page, 'enough');
  await page.locator('#brake[data-brake=released]').waitFor();
  assert.deepEqual(page.problems, []);
  // The page asks on: an answer may be on its way through a route.
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.context().close();
  assert.equal((await host.api('GET', '/ai/emergency')).body.generation, generation + 1);
});
