// What a person changes, and that it had its effect.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DESK, carryOut, live, notice, row, shot } from './page.mjs';
import { stand } from './stand.mjs';

const { host, on, open } = stand();

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

test('a token is asked for, and what it may not do is said', async () => {
  const token = host.token('reader', 'read');
  const page = await open(`${host.origin}/#token=wrong`);
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
  const page = await open(`${host.origin}/#token=${token}`);
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
