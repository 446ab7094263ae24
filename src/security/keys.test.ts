import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertMissingKeys } from './key-store.ts';
import { createLocalWrapper } from './key-wrapper.ts';
import { KEY_PURPOSES } from './keyring.ts';
import { createKeyFile, keyFilePath, MASTER_KEY_VARIABLE } from './master-key.ts';
import { openKeys } from './open-keys.ts';
import { rewrapKeys, rotateDataKey, rotateMasterKeyFile } from './rotate.ts';
import { createSealer } from './sealing.ts';
import { startSecurityTest, type SecurityTest } from './test-support.ts';
import { watchKeys, type KeyWatch } from './watch-keys.ts';

const COLUMN = { table: 1, column: 1 };
const purposes = Object.keys(KEY_PURPOSES).length;
let test: SecurityTest;
let folders: string[] = [];
let watches: KeyWatch[] = [];

beforeAll(async () => {
  test = await startSecurityTest();
});
beforeEach(() => test.reset());
afterEach(async () => {
  for (const watch of watches) watch.stop();
  watches = [];
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  folders = [];
});
afterAll(() => test.close());

async function dataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keys-'));
  folders.push(folder);
  return folder;
}

const start = (dataDir: string, env: Record<string, string> = {}) => openKeys({ db: test.db, dataDir, env });

describe('first start', () => {
  it('makes a key file that only its owner can read, and a data key for each purpose', async () => {
    const dataDir = await dataFolder();
    const opened = await start(dataDir);
    expect(opened).toMatchObject({ masterKeyCreated: true, dataKeysCreated: purposes });
    expect((await stat(keyFilePath(dataDir))).mode & 0o777).toBe(0o600);
    expect((await stat(join(dataDir, 'keys'))).mode & 0o777).toBe(0o700);
    expect(await readFile(keyFilePath(dataDir), 'utf8')).toMatch(/^[A-Za-z0-9+/]{43}=\n$/);
  });

  it('opens the same keys at the next start, and makes none', async () => {
    const dataDir = await dataFolder();
    const first = await start(dataDir);
    const second = await start(dataDir);
    expect(second).toMatchObject({ masterKeyCreated: false, dataKeysCreated: 0 });
    expect(second.keyring.data()).toEqual(first.keyring.data());
  });

  it('takes the key from the environment, as hex or base64, and writes no file', async () => {
    const dataDir = await dataFolder();
    const key = Buffer.alloc(32, 0xa5);
    const hex = await start(dataDir, { [MASTER_KEY_VARIABLE]: key.toString('hex') });
    const base64 = await start(dataDir, { [MASTER_KEY_VARIABLE]: `${key.toString('base64')}\n` });
    expect(base64.keyring.data()).toEqual(hex.keyring.data());
    await expect(stat(keyFilePath(dataDir))).rejects.toThrow('ENOENT');
  });

  it('makes one set of keys when several nodes start at once', async () => {
    const dataDir = await dataFolder();
    const all = await Promise.all(Array.from({ length: 8 }, () => start(dataDir)));
    for (const each of all) expect(each.keyring.data()).toEqual(all[0]?.keyring.data());
    expect(all.reduce((sum, each) => sum + each.dataKeysCreated, 0)).toBe(purposes);
    expect(all.filter((each) => each.masterKeyCreated)).toHaveLength(1);
  });

  it('lets one of two nodes with folders of their own win, and leaves the other no wrong key', async () => {
    const [one, two] = [await dataFolder(), await dataFolder()];
    const results = await Promise.allSettled([start(one), start(two)]);
    const won = results.map((result) => result.status === 'fulfilled');
    expect(won.filter(Boolean)).toHaveLength(1);
    const [winner, loser] = won[0] ? [one, two] : [two, one];
    await expect(stat(keyFilePath(loser))).rejects.toThrow('ENOENT');
    await expect(start(winner)).resolves.toMatchObject({ dataKeysCreated: 0 });
    await expect(start(loser)).rejects.toMatchObject({ code: 'master_key_missing' });
  });

  it('stores data keys only wrapped', async () => {
    const dataDir = await dataFolder();
    const { keyring } = await start(dataDir);
    const { rows } = await test.db.query<{ wrapped: Buffer }>('select wrapped from data_keys');
    const stored = Buffer.concat(rows.map((row) => row.wrapped));
    for (const key of keyring.data().keys) expect(stored.includes(Buffer.from(key.secret))).toBe(false);
  });
});

describe('a start with the wrong master key', () => {
  it('is told at once, without the key in the text', async () => {
    await start(await dataFolder());
    const wrong = Buffer.alloc(32, 7).toString('hex');
    const error = await start(await dataFolder(), { [MASTER_KEY_VARIABLE]: wrong }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'master_key_wrong' });
    expect(String(error)).toContain('The key from the environment is');
    expect(String(error)).not.toContain(wrong);
  });

  it('is told when the key file is gone, and makes no new one', async () => {
    const dataDir = await dataFolder();
    await start(dataDir);
    await rename(keyFilePath(dataDir), join(dataDir, 'elsewhere'));
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'master_key_missing' });
    await expect(stat(keyFilePath(dataDir))).rejects.toThrow('ENOENT');
  });

  it.each([0o640, 0o604, 0o660])('refuses a key file of mode %o', async (mode) => {
    const dataDir = await dataFolder();
    await start(dataDir);
    await chmod(keyFilePath(dataDir), mode);
    await expect(start(dataDir)).rejects.toThrow(/can be read by others.*chmod 600/s);
  });

  it.each(['', 'short', 'zz'.repeat(32), `${'a'.repeat(63)}!`])('refuses a key file that holds "%s"', async (text) => {
    const dataDir = await dataFolder();
    await createKeyFile(keyFilePath(dataDir));
    await writeFile(keyFilePath(dataDir), text, { mode: 0o600 });
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'master_key_invalid' });
  });

  it('is told when a wrapped key was exchanged for another', async () => {
    const dataDir = await dataFolder();
    await start(dataDir);
    await test.db.query('update data_keys set wrapped = (select wrapped from data_keys where id = 2) where id = 1');
    await expect(start(dataDir)).rejects.toMatchObject({ code: 'master_key_wrong' });
  });
});

describe('a key ring in a worker thread', () => {
  it('opens there what was sealed here, with nothing but its data', async () => {
    const { keyring } = await start(await dataFolder());
    const blob = createSealer({ keyring }).seal('content', COLUMN, 5n, 'hello');
    const code = `
      const { workerData, parentPort } = require('node:worker_threads');
      const { createDecipheriv } = require('node:crypto');
      const { keys, blob, aad } = workerData;
      const key = keys.find((each) => each.purpose === 'content');
      const d = createDecipheriv('aes-256-gcm', key.secret, blob.subarray(3, 15));
      d.setAAD(aad); d.setAuthTag(blob.subarray(-16));
      parentPort.postMessage([d.update(blob.subarray(15, -16), undefined, 'utf8') + d.final('utf8'), key.secret.buffer.byteLength]);`;
    const aad = Buffer.from('000100010000000000000005', 'hex');
    const worker = new Worker(code, { eval: true, workerData: { ...keyring.data(), blob, aad } });
    const answer = await new Promise((resolve, reject) => {
      worker.once('message', resolve).once('error', reject);
    });
    expect(answer).toEqual(['hello', 32]);
  });
});

describe('rotation of a data key', () => {
  it('goes on while nodes read and write, and no blob is ever without its key', async () => {
    const dataDir = await dataFolder();
    const nodes = await Promise.all(
      [1, 2].map(async () => {
        const opened = await start(dataDir);
        const { keyring, masterKey } = opened;
        watches.push(watchKeys({ db: test.db, keyring, masterKey, dataDir, env: {}, intervalMs: 10 }));
        return { ...opened, sealer: createSealer({ keyring }) };
      }),
    );
    const [one, two] = nodes as [(typeof nodes)[0], (typeof nodes)[0]];
    const before = one.sealer.seal('content', COLUMN, 1n, 'before');
    let rotating = true;
    const traffic = (async () => {
      const used = new Set<number>();
      for (let id = 1n; rotating; id++) {
        for (const [from, to] of [
          [one, two],
          [two, one],
        ] as const) {
          const blob = from.sealer.seal('content', COLUMN, id, 'traffic');
          used.add(blob.readUInt16BE(1));
          expect(to.sealer.open(COLUMN, id, blob).toString()).toBe('traffic');
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      return used;
    })();
    const id = await rotateDataKey({ db: test.db, wrapper: one.masterKey.wrapper, settleMs: 300 }, 'content');
    await expect.poll(() => nodes.every((node) => node.keyring.active('content').id === id)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 20));
    rotating = false;
    expect([...(await traffic)]).toEqual([1, id]);
    for (const node of nodes) expect(node.sealer.open(COLUMN, 1n, before).toString()).toBe('before');
    const restarted = await start(dataDir);
    expect(createSealer({ keyring: restarted.keyring }).open(COLUMN, 1n, before).toString()).toBe('before');
    expect(restarted.keyring.active('content').id).toBe(id);
  });

  it('goes on with the same key after it was interrupted', async () => {
    const { masterKey, keyring } = await start(await dataFolder());
    const deps = { db: test.db, wrapper: masterKey.wrapper };
    const killed = rotateDataKey({ ...deps, sleep: () => Promise.reject(new Error('killed')) }, 'record');
    await expect(killed).rejects.toThrow('killed');
    const id = await rotateDataKey({ ...deps, settleMs: 0 }, 'record');
    expect(id).toBe(purposes + 1);
    const { rows } = await test.db.query<{ n: string }>('select count(*) as n from data_keys');
    expect(Number(rows[0]?.n)).toBe(purposes + 1);
    expect(keyring.active('record').id).not.toBe(id);
  });

  it('is done once when two ask at the same time', async () => {
    const { masterKey } = await start(await dataFolder());
    const deps = { db: test.db, wrapper: masterKey.wrapper, settleMs: 50 };
    const results = await Promise.allSettled([rotateDataKey(deps, 'content'), rotateDataKey(deps, 'content')]);
    expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(1);
    expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({
      code: 'key_rotation_conflict',
    });
  });

  it.each(['blind-index', 'audit'] as const)('is refused for %s', async (purpose) => {
    const { masterKey } = await start(await dataFolder());
    await expect(
      rotateDataKey({ db: test.db, wrapper: masterKey.wrapper, settleMs: 0 }, purpose),
    ).rejects.toMatchObject({ code: 'key_not_rotatable' });
  });

  it('is learned on the way when a blob names a key that is not known yet', async () => {
    const dataDir = await dataFolder();
    const { keyring, masterKey } = await start(dataDir);
    const seen: number[] = [];
    const watch = watchKeys({
      db: test.db,
      keyring,
      masterKey,
      dataDir,
      env: {},
      intervalMs: 3_600_000,
      onChange: (data) => seen.push(data.keys.length),
    });
    watches.push(watch);
    const id = await rotateDataKey({ db: test.db, wrapper: masterKey.wrapper, settleMs: 0 }, 'content');
    const other = await start(dataDir);
    const blob = createSealer({ keyring: other.keyring }).seal('content', COLUMN, 1n, 'new');
    expect(() => createSealer({ keyring }).open(COLUMN, 1n, blob)).toThrow(
      expect.objectContaining({ code: 'key_unknown' }),
    );
    expect(await watch.ensure(id)).toBe(true);
    expect(createSealer({ keyring }).open(COLUMN, 1n, blob).toString()).toBe('new');
    expect(await watch.ensure(999)).toBe(false);
    expect(seen).toEqual([purposes + 1]);
  });
});

describe('rotation of the master key', () => {
  it('wraps all data keys anew, swaps the file, and keeps the old key beside it', async () => {
    const dataDir = await dataFolder();
    const before = await start(dataDir);
    const oldFile = await readFile(keyFilePath(dataDir), 'utf8');
    const rotation = await rotateMasterKeyFile({ db: test.db, dataDir, env: {} });
    expect(rotation).toMatchObject({ keys: purposes, previousId: before.masterKey.wrapper.masterKeyId });
    expect(await readFile(keyFilePath(dataDir, 'previous'), 'utf8')).toBe(oldFile);
    expect(await readFile(keyFilePath(dataDir), 'utf8')).not.toBe(oldFile);
    expect((await stat(keyFilePath(dataDir))).mode & 0o777).toBe(0o600);
    const after = await start(dataDir);
    expect(after.keyring.data()).toEqual(before.keyring.data());
    expect(after.masterKey.wrapper.masterKeyId).toBe(rotation.currentId);
  });

  it('is finished by the next start when it was killed between commit and swap', async () => {
    const dataDir = await dataFolder();
    const before = await start(dataDir);
    const key = Buffer.alloc(32, 9);
    await createKeyFile(keyFilePath(dataDir, 'next'), key);
    await rewrapKeys(test.db, before.masterKey.wrapper, createLocalWrapper(key));
    const after = await start(dataDir);
    expect(after.keyring.data()).toEqual(before.keyring.data());
    expect(after.masterKey.path).toBe(keyFilePath(dataDir));
    expect(await readFile(keyFilePath(dataDir), 'utf8')).toBe(`${key.toString('base64')}\n`);
  });

  it('is finished when it was killed in the middle of the swap', async () => {
    const dataDir = await dataFolder();
    const before = await start(dataDir);
    const key = Buffer.alloc(32, 9);
    await createKeyFile(keyFilePath(dataDir, 'next'), key);
    await rewrapKeys(test.db, before.masterKey.wrapper, createLocalWrapper(key));
    await rename(keyFilePath(dataDir), keyFilePath(dataDir, 'previous'));
    expect((await start(dataDir)).keyring.data()).toEqual(before.keyring.data());
    expect((await start(dataDir)).masterKey.path).toBe(keyFilePath(dataDir));
  });

  it('changes nothing when it was killed before the commit, and can be done again', async () => {
    const dataDir = await dataFolder();
    const before = await start(dataDir);
    await createKeyFile(keyFilePath(dataDir, 'next'));
    expect((await start(dataDir)).keyring.data()).toEqual(before.keyring.data());
    await rotateMasterKeyFile({ db: test.db, dataDir, env: {} });
    expect((await start(dataDir)).keyring.data()).toEqual(before.keyring.data());
  });

  it('opens a backup made before it, with the key kept beside', async () => {
    const dataDir = await dataFolder();
    const before = await start(dataDir);
    const backup = await test.db.query<{ id: number; wrapped: Buffer; master_key_id: string }>(
      'select * from data_keys',
    );
    await rotateMasterKeyFile({ db: test.db, dataDir, env: {} });
    for (const row of backup.rows) {
      await test.db.query('update data_keys set wrapped = $2, master_key_id = $3 where id = $1', [
        row.id,
        row.wrapped,
        row.master_key_id,
      ]);
    }
    expect((await start(dataDir)).keyring.data()).toEqual(before.keyring.data());
  });

  it('is learned by a running node when the next data key arrives', async () => {
    const dataDir = await dataFolder();
    const { keyring, masterKey } = await start(dataDir);
    const watch = watchKeys({ db: test.db, keyring, masterKey, dataDir, env: {}, intervalMs: 3_600_000 });
    watches.push(watch);
    await rotateMasterKeyFile({ db: test.db, dataDir, env: {} });
    const { masterKey: current } = await start(dataDir);
    const id = await rotateDataKey({ db: test.db, wrapper: current.wrapper, settleMs: 0 }, 'credential');
    await watch.reload();
    expect(keyring.active('credential').id).toBe(id);
  });

  it('does not let a node with the old master key add data keys that nobody can open', async () => {
    const dataDir = await dataFolder();
    const { masterKey } = await start(dataDir);
    await rotateMasterKeyFile({ db: test.db, dataDir, env: {} });
    await expect(
      rotateDataKey({ db: test.db, wrapper: masterKey.wrapper, settleMs: 0 }, 'content'),
    ).rejects.toMatchObject({ code: 'key_rotation_conflict' });
    await test.db.query(`delete from data_keys where purpose = 'account'`);
    expect(await insertMissingKeys(test.db, masterKey.wrapper)).toBe(0);
  });

  it('is refused for a key from the environment', async () => {
    const dataDir = await dataFolder();
    const env = { [MASTER_KEY_VARIABLE]: Buffer.alloc(32, 3).toString('hex') };
    await start(dataDir, env);
    await expect(rotateMasterKeyFile({ db: test.db, dataDir, env })).rejects.toMatchObject({
      code: 'master_key_from_environment',
    });
  });
});
