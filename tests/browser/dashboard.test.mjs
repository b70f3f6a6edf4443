// The dashboard against the real host: what a person does, and that it had its effect.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Host, until } from './host.mjs';
import { DESK, NIGHT, PHONE, browser, carryOut, live, notice, row, shot, visit } from './page.mjs';

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

/** Opens a page that is live, does something with it, and expects that the browser had nothing to complain of. */
async function on(look, act) {
  const page = await visit(chrome, host.link, look);
  try {
    await live(page);
    await act(page);
    assert.deepEqual(page.problems, []);
  } finally {
    await page.context().close();
  }
}

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

test('a mode is changed', async () => {
  await on(DESK, async (page) => {
    const risk = row(page, 'risk-os');
    await risk.locator('select').selectOption('OBSERVE');
    await page.locator('#ask[open]').waitFor();
    await shot(page, 'mode-asked');
    await carryOut(page, 'the browser test looks on');
    await notice(page).getByText('risk-os: mode ENFORCED -> OBSERVE').waitFor();
    await risk.locator('.chips [data-authority=observe]').first().waitFor();
    await shot(page, 'mode-changed');
    assert.equal((await host.subsystem('risk-os')).mode, 'OBSERVE');
  });
});

test('a mode that is not confirmed stays', async () => {
  await on(DESK, async (page) => {
    const select = row(page, 'aelm').locator('select');
    await select.selectOption('OFF');
    await page.locator('#ask').getByText('Cancel').click();
    await page.waitForFunction(() => document.querySelector('[data-subsystem=aelm] select').value === 'ENFORCED');
    assert.equal((await host.subsystem('aelm')).mode, 'ENFORCED');
  });
});

test('a change without a reason is not sent', async () => {
  await on(DESK, async (page) => {
    await row(page, 'aelm').locator('select').selectOption('OFF');
    await carryOut(page);
    assert.ok(await page.locator('#ask').evaluate((dialog) => dialog.open));
    assert.equal((await host.subsystem('aelm')).mode, 'ENFORCED');
  });
});

test('the brake is engaged and released, and only as it was seen', async () => {
  await on(DESK, async (page) => {
    await page.locator('.lever[data-kind=bypass]').click();
    await shot(page, 'brake-asked');
    await carryOut(page, 'something is strange');
    await page.locator('#brake[data-brake=bypass]').waitFor();
    await page.getByText('dashboard: something is strange').waitFor();
    await page.waitForFunction(() => document.querySelectorAll('.chips li:not([data-authority=off])').length === 0);
    await shot(page, 'brake-engaged');
    const { body: seen } = await host.api('GET', '/ai/emergency');
    assert.equal(seen.brake, 'bypass');
    assert.equal(seen.reason, 'something is strange');

    // Somebody else engages it harder while this page is about to release it.
    await page.getByText('Release\u2026').click();
    assert.equal((await host.api('POST', '/ai/emergency', { kind: 'halt', reason: 'harder' })).status, 200);
    await carryOut(page, 'it was nothing');
    const error = page.locator('#ask .error');
    await error.waitFor();
    assert.match(await error.textContent(), /somebody changed it in between/);
    await shot(page, 'brake-release-refused');
    assert.equal((await host.api('GET', '/ai/emergency')).body.brake, 'halt');
    await page.locator('#ask').getByText('Cancel').click();

    await page.locator('#brake[data-brake=halt]').waitFor();
    await page.getByText('Release\u2026').click();
    await carryOut(page, 'it was nothing');
    await page.locator('#brake[data-brake=released]').waitFor();
    await shot(page, 'brake-released');
    assert.equal((await host.api('GET', '/ai/emergency')).body.brake, 'released');
    await page.waitForFunction(() => document.querySelectorAll('.chips [data-authority=enforce]').length > 0);
    // The refused release is an answer like any other to the page, and a failed request to the browser.
    page.problems = page.problems.filter((said) => !said.includes('409'));
  });
});

test('the stage is changed', async () => {
  await on(DESK, async (page) => {
    await page.locator('[data-stage=PARTIAL]').click();
    await carryOut(page, 'one step back');
    await page.locator('[data-stage=PARTIAL][aria-pressed=true]').waitFor();
    await row(page, 'ai-hfos').locator('.chips li', { hasText: 'risk' }).and(page.locator('[data-authority=advise]')).waitFor();
    await shot(page, 'stage-changed');
    assert.equal((await host.api('GET', '/ai/status')).body.stage, 'PARTIAL');
    await page.locator('[data-stage=COORDINATION]').click();
    await carryOut(page, 'and forth');
    await page.locator('[data-stage=COORDINATION][aria-pressed=true]').waitFor();
  });
});

test('a version is pinned, and what the host refuses it says in its own words', async () => {
  await on(DESK, async (page) => {
    const balancer = row(page, 'portfolio-balancer');
    await balancer.locator('.open').click();
    await balancer.locator('[data-operation=pin]').click();
    await carryOut(page, 'this one is good');
    await balancer.locator('[data-operation=unpin]').waitFor();
    const { pinned, digest } = await host.subsystem('portfolio-balancer');
    assert.equal(pinned, digest);
    await balancer.locator('[data-operation=rollback]').click();
    await carryOut(page, 'to what was never there');
    const error = page.locator('#ask .error');
    await error.waitFor();
    assert.match(await error.textContent(), /portfolio-balancer/);
    await shot(page, 'rollback-refused');
    page.problems = page.problems.filter((said) => !said.includes('409'));
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
  const page = await visit(chrome, host.link, DESK, meddle);
  await live(page);
  await row(page, 'risk-os').locator('.open').click();
  await page.locator('.brake-why', { hasText: HOSTILE }).waitFor();
  await page.locator('#attention', { hasText: HOSTILE }).waitFor();
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
  await page.context().close();
  assert.equal((await host.api('GET', '/ai/emergency')).body.generation, generation + 1);
});

test('a token is asked for, and what it may not do is said', async () => {
  const token = host.token('reader', 'read');
  const page = await visit(chrome, `${host.origin}/#token=wrong`);
  const door = page.locator('#door[open]');
  await door.waitFor();
  await shot(page, 'token-asked');
  await door.locator('input').fill(token);
  await door.getByText('Connect').click();
  await live(page);
  await page.locator('.lever[data-kind=halt]').click();
  await carryOut(page, 'may I?');
  await page.locator('#ask .error', { hasText: 'which may not do this' }).waitFor();
  assert.equal((await host.api('GET', '/ai/emergency')).body.brake, 'released');
  await page.context().close();
});

test('a lost connection is seen at once, and comes back by itself', async () => {
  const token = host.token('ann', 'admin');
  const port = new URL(host.link).port;
  const page = await visit(chrome, `${host.origin}/#token=${token}`);
  await live(page);
  await host.kill();
  await page.locator('#lost', { hasText: /^\s*Not live since \d\d:\d\d:\d\d/ }).waitFor();
  assert.equal(await page.locator('#top-live').textContent(), 'not live');
  await shot(page, 'connection-lost');
  // A change that nobody answers says so.
  await page.locator('.lever[data-kind=halt]').click();
  await carryOut(page, 'is anybody there?');
  await page.locator('#ask .error', { hasText: 'the host does not answer' }).waitFor();
  await page.locator('#ask').getByText('Cancel').click();

  await host.start(`127.0.0.1:${port}`);
  await live(page);
  assert.ok(await page.locator('#lost').isHidden());
  await shot(page, 'connection-back');
  await page.context().close();
});
