import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkout, readText } from '../support/checkout.ts';

const { version } = JSON.parse(readText('package.json')) as { version: string };
let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'commands-'));
});

afterAll(() => rm(place, { recursive: true }));

interface Outcome {
  readonly code: number | null;
  readonly output: string;
  readonly errors: string;
}

function run(command: string, args: readonly string[], cwd = checkout): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, shell: process.platform === 'win32' });
    let [output, errors] = ['', ''];
    child.stdout.on('data', (chunk) => (output += String(chunk)));
    child.stderr.on('data', (chunk) => (errors += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, output, errors }));
  });
}

describe('npx practice-studio', () => {
  it('runs the program of the checkout, and prints nothing but what the command prints', async () => {
    expect(await run('npx', ['practice-studio', '--version'])).toMatchObject({ code: 0, output: `${version}\n` });
  });

  it('passes on what goes wrong', async () => {
    const outcome = await run('npx', ['practice-studio', 'no-such-command']);
    expect(outcome.code).toBe(2);
    expect(outcome.output).toBe('');
    expect(outcome.errors).toContain('no-such-command');
  });

  it('runs from any folder', async () => {
    const program = join(checkout, 'bin/practice-studio.mjs');
    expect(await run(process.execPath, [program, '--version'], place)).toMatchObject({
      code: 0,
      output: `${version}\n`,
    });
  });
});

describe('npm start and npm test', () => {
  it.each(['scripts/start.mjs', 'scripts/test.mjs', 'scripts/bench.mjs', 'bin/practice-studio.mjs'])(
    '%s tells in one sentence that Node is too old',
    async (script) => {
      const pretend = join(place, 'old-node.cjs');
      const versions = "{ ...process.versions, node: '18.20.8' }";
      await writeFile(pretend, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
      const outcome = await run(process.execPath, ['--require', pretend, join(checkout, script), '--version']);
      expect(outcome).toEqual({
        code: 1,
        output: '',
        errors: 'Practice Studio needs Node.js 20.19.0 or newer, and this is 18.20.8.\n',
      });
    },
  );
});

describe('npm run bench', () => {
  it('lists the benchmarks', async () => {
    const outcome = await run(process.execPath, ['scripts/bench.mjs', 'no-such-benchmark']);
    expect(outcome.code).toBe(1);
    expect(outcome.errors).toMatch(/no benchmark "no-such-benchmark".*NAME is one of/s);
  });
});
