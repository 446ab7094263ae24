import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkAddress, checkDataDirectory } from './check-place.ts';

const home = mkdtempSync(join(tmpdir(), 'practice-studio-place-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe('the data directory', () => {
  it('is made with all above it, for nobody else to read', () => {
    const directory = join(home, 'a', 'b');
    checkDataDirectory(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    checkDataDirectory(directory);
  });

  it('cannot be a file, nor be below one, which is told in a sentence', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    for (const place of [file, join(file, 'below')]) {
      expect(() => checkDataDirectory(place)).toThrow(/cannot be the data directory: it is a file\.$/);
    }
  });

  it.runIf(process.platform === 'linux')('that the system refuses is told, at once', () => {
    expect(() => checkDataDirectory('/proc/practice-studio/data')).toThrow(/cannot be made \(ENOENT\)\.$/);
  });
});

describe('the address of the console', () => {
  it('may be a free port, and no other', async () => {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(checkAddress('127.0.0.1', port)).rejects.toThrow(/^Port \d+ is used by another program: /);
    server.close();
    await once(server, 'close');
    await expect(checkAddress('127.0.0.1', port)).resolves.toBeUndefined();
  });

  it('must be one of this machine', async () => {
    await expect(checkAddress('192.0.2.1', 8480)).rejects.toThrow(/^192\.0\.2\.1 is no address of this machine: /);
  });
});
