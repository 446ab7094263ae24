// The built program with demo data, on free ports and a data directory of its own that is removed in the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { dist, root } from './paths.mjs';

/** Starts it, and answers its address, the one-time link and how to stop it. */
export async function startDemo() {
  const directory = mkdtempSync(join(tmpdir(), 'practice-studio-console-'));
  const [port, hl7Port] = [await freePort(), await freePort()];
  const child = spawn(
    process.execPath,
    [join(dist, 'cli.js'), 'start', '--demo', '--data', directory, '--port', `${port}`, '--hl7-port', `${hl7Port}`],
    // The zone of the pictures, wherever they are made.
    { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, DATABASE_URL: '', TZ: 'America/Chicago' } },
  );
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text));
  const stop = async () => {
    child.kill('SIGTERM');
    const late = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(late);
    rmSync(directory, { recursive: true, force: true });
  };
  for (let waited = 0; waited < 60_000; waited += 100) {
    const link = /https?:\/\/\S+\/setup#token=\S+/.exec(said)?.[0];
    if (link !== undefined) return { url: new URL(link).origin, link, stop };
    if (child.exitCode !== null) break;
    await sleep(100);
  }
  await stop();
  throw new Error(`The program did not start:\n${said}`);
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until the demo has messages of every kind, and answers the ids that the pages are about. */
export async function demoIds(page) {
  for (let tries = 0; tries < 180; tries++) {
    const found = await page.evaluate(readIds);
    if (Object.values(found).every((each) => each !== undefined && each !== false)) return found;
    await sleep(500);
  }
  throw new Error('The demo did not make messages of every kind within 90 seconds.');
}

/** Runs in the page, with the session of the person who is signed in there. */
async function readIds() {
  const session = await (await fetch('/api/session')).json();
  const read = async (path, body) => {
    const headers = { 'content-type': 'application/json', 'x-csrf-token': session.csrf_token };
    const init = body === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(path, init)).json();
  };
  const [environments, systems, listeners, errors, delivered, failed] = await Promise.all([
    read('/api/environments'),
    read('/api/systems'),
    read('/api/listeners'),
    read('/api/errors'),
    read('/api/messages/search', { state: ['delivered'], limit: 100 }),
    read('/api/messages/search', { state: ['failed'], limit: 20 }),
  ]);
  // An update shows a history with old and new; a failure at a field is one that can be repaired.
  const update = delivered.items.find((each) => each.patient_id !== null && each.type === 'ADT^A08');
  const environment = environments.items.find((each) => each.key === 'development')?.id;
  const system = systems.items[0]?.id;
  const enough = delivered.items.length >= 60;
  // What the demo does not bring along: a certificate in the vault, and an analysis of its feed.
  const { items: vault } = await read('/api/credentials');
  const kept =
    vault[0] ??
    (await read('/api/credentials', {
      key: 'hub-certificate',
      name: 'Hub certificate',
      environment_id: environment,
      kind: 'tls_server',
      source: { from: 'self_signed', common_name: 'hub.example.org', names: ['hub.example.org'], days: 20 },
    }));
  const { items: analyses } = await read('/api/feed-analyses');
  const made =
    enough && analyses.length === 0
      ? await read('/api/feed-analyses/stored', { system, save: 'Sample feed' })
      : undefined;
  return {
    environment,
    system,
    credential: kept.id,
    analysis: analyses[0]?.id ?? made?.id,
    listener: listeners.items[0]?.id,
    group: errors.items.find((each) => each.failure.place?.startsWith('PID'))?.fingerprint,
    message: update?.id,
    patient: update?.patient_id,
    failed: failed.items.find((each) => each.failure?.place?.startsWith('PID'))?.id,
    enough,
  };
}
