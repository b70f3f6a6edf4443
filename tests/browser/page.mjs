// A page in headless Chromium, and what is done on it.

import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { SHOTS } from './host.mjs';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser'];
/** A machine that is busy takes its time. */
const PATIENCE_MS = 60_000;

export const DESK = { viewport: { width: 1440, height: 1000 }, colorScheme: 'light' };
export const NIGHT = { ...DESK, colorScheme: 'dark' };
export const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme: 'dark' };

export function browser() {
  const executablePath = process.env.CHROMIUM ?? PLACES.find((place) => existsSync(place));
  return chromium.launch({ executablePath, headless: true });
}

/** Opens a link. `problems` collects whatever the browser complains of, refusals by the content policy included. */
export async function visit(chrome, link, look = DESK, before = async () => {}) {
  const context = await chrome.newContext(look);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  page.problems = [];
  page.on('pageerror', (error) => page.problems.push(String(error)));
  page.on('console', (said) => said.type() === 'error' && page.problems.push(said.text()));
  page.on('dialog', (dialog) => {
    page.problems.push(`a dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  await before(page);
  await page.goto(link);
  return page;
}

export const live = (page) => page.waitForFunction(() => document.getElementById('top-live').textContent === 'live');

/** Keeps a picture of what a person sees now. */
export async function shot(page, name, fullPage = false) {
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: path.join(SHOTS, `${name}.png`), fullPage });
}

/** Fills in the open dialog and presses its button. */
export async function carryOut(page, reason) {
  const dialog = page.locator('#ask');
  if (reason !== undefined) await dialog.locator('textarea[name=reason]').fill(reason);
  await dialog.locator('button[type=submit]').click();
}

export const notice = (page) => page.locator('#notice-text');
export const row = (page, subsystem) => page.locator(`.subsystem[data-subsystem="${subsystem}"]`);
