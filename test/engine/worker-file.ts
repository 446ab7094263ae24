import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Says to every worker thread of {@link mortalWorkerFile} in this process that its end has come. */
export const END_CHANNEL = 'end of the worker threads';

/** The same program, in threads that can be made to die at any moment. */
export async function mortalWorkerFile(): Promise<string> {
  const file = await workerFile();
  const mortal = file.replace('worker.mjs', 'mortal-worker.mjs');
  await writeFile(
    mortal,
    `import './worker.mjs';
     const end = new BroadcastChannel('${END_CHANNEL}');
     end.onmessage = () => process.exit(1);
     end.unref();`,
  );
  return mortal;
}

let built: Promise<string> | undefined;

/** The worker thread's program, built from the sources as they stand: threads do not read TypeScript. */
export function workerFile(): Promise<string> {
  built ??= buildWorker();
  return built;
}

async function buildWorker(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'practice-studio-worker-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'worker.mjs');
  await build({
    entryPoints: [join(import.meta.dirname, '../../src/engine/worker/worker-main.ts')],
    outfile: file,
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
  return file;
}
