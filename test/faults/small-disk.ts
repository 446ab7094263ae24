import { execFile } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestContext } from 'vitest';

const run = promisify(execFile);

/** A file system of a fixed size, for one data directory. */
export class SmallDisk {
  readonly directory: string;
  readonly #ballast: string;

  private constructor(directory: string) {
    this.directory = directory;
    this.#ballast = join(directory, 'ballast');
  }

  /** Mounts one; the test is told as not run where that is not allowed, which fails in CI. */
  static async mount(context: TestContext, megabytes: number): Promise<SmallDisk> {
    const directory = await mkdtemp(join(tmpdir(), 'practice-studio-disk-'));
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m,mode=0700`, 'tmpfs', directory]);
    } catch {
      await rm(directory, { recursive: true, force: true });
      context.skip('a small file system can only be mounted as root on Linux');
    }
    return new SmallDisk(directory);
  }

  /** Takes all the room that is left, to the last byte. */
  fill(): void {
    const file = openSync(this.#ballast, 'a');
    try {
      for (const size of [1024 * 1024, 4096]) {
        const block = Buffer.alloc(size, 1);
        for (let written = size; written === size;) written = writeSome(file, block);
      }
    } finally {
      closeSync(file);
    }
  }

  /** Gives the room back. */
  async free(): Promise<void> {
    await rm(this.#ballast, { force: true });
  }

  async unmount(): Promise<void> {
    await run('umount', ['-l', this.directory]);
    await rm(this.directory, { recursive: true, force: true });
  }
}

function writeSome(file: number, block: Buffer): number {
  try {
    return writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return 0;
    throw error;
  }
}
