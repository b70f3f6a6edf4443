// The real program on a simulated market, in a folder of its own.

import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const PROGRAM = process.env.BULKHEAD ?? path.join(ROOT, 'target/release/bulkhead');
export const COMPONENTS = process.env.BULKHEAD_COMPONENTS ?? path.join(ROOT, 'target/components');

/** Where screenshots are kept. */
export const SHOTS = process.env.BULKHEAD_SHOTS ?? path.join(ROOT, 'target/browser');

/** Looks before something that must happen is given up: minutes, for a machine that is busy. */
const LOOKS = 1_500;
const PAUSE_MS = 100;

/** What `look` finds, once it finds it. */
export async function until(what, look) {
  for (let looks = 0; looks < LOOKS; looks += 1) {
    const found = await look();
    if (found) return found;
    await new Promise((done) => setTimeout(done, PAUSE_MS));
  }
  throw new Error(`it never came: ${what}`);
}

export class Host {
  folder = mkdtempSync(path.join(tmpdir(), 'bulkhead-browser-'));
  #child = null;
  #runs = 0;
  output = '';
  /** The link that the host printed: address and token of this run. */
  link = null;

  get state() {
    return path.join(this.folder, 'state');
  }

  get origin() {
    return new URL(this.link).origin;
  }

  /** Starts, and waits for the link. 50 minutes of the market pass in one of our seconds. */
  async start(address = ':0') {
    this.output = '';
    this.link = null;
    this.#runs += 1;
    const args = ['run', '--config', 'config/host.toml', '--profile', 'coordination', '--plugins', COMPONENTS,
      '--state', this.state, '--journal', path.join(this.folder, `journal-${this.#runs}`),
      '--days', '30', '--speed', '3000x',
      // So that some trades are refused.
      '--set', 'subsystems.risk-os.config.max_positions=1', `--dashboard=${address}`];
    const child = spawn(PROGRAM, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
    const take = (chunk) => {
      this.output += chunk;
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.on('exit', () => {
      if (this.#child === child) this.#child = null;
    });
    this.#child = child;
    this.link = await until('the link to the dashboard', () => {
      if (this.#child !== child) throw new Error(`the host ended: ${this.output}`);
      return /^dashboard {2}(\S+)$/m.exec(this.output)?.[1];
    });
  }

  /** A token that outlives a run. */
  token(name, role) {
    return execFileSync(PROGRAM, ['token', name, role, '--state', this.state], { cwd: ROOT, encoding: 'utf8' }).trim();
  }

  /** Asks the host beside the browser. */
  async api(method, at, body, token = new URLSearchParams(new URL(this.link).hash.slice(1)).get('token')) {
    const headers = { Authorization: `Bearer ${token}`, ...(body && { 'Content-Type': 'application/json' }) };
    const response = await fetch(this.origin + at, { method, headers, body: body && JSON.stringify(body) });
    return { status: response.status, body: await response.json() };
  }

  async subsystem(name) {
    return (await this.api('GET', `/ai/subsystems/${name}`)).body;
  }

  /** Ends it without a chance to say so. */
  async kill() {
    const child = this.#child;
    if (child === null) return;
    const ended = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await ended;
  }

  async end() {
    await this.kill();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
