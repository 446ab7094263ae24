import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../options.ts';
import { hl7Command } from '../hl7.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'practice-studio-hl7-check-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const MSH = (type: string, rest = '1|P|2.5.1'): string => String.raw`MSH|^~\&|NG|HOST|PS|SRV|20260301||${type}|${rest}`;
const PID = 'PID|1||7^^^NG^MR||Quetzalcoatl^Xochitl';

async function folder(name: string, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const path = join(home, name);
  await mkdir(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    await mkdir(join(path, file, '..'), { recursive: true });
    await writeFile(join(path, file), content);
  }
  return path;
}

async function run(...args: readonly string[]): Promise<{ code: number; output: string; errors: string }> {
  let [output, errors] = ['', ''];
  const code = await hl7Command.run(args, {
    env: {},
    version: '1.2.3',
    print: (text) => (output += `${text}\n`),
    say: (text) => (errors += `${text}\n`),
  });
  return { code, output, errors };
}

async function json(...args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { output } = await run('check', '--json', ...args);
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('hl7 check', () => {
  it('tells a line of JSON for each message of the files of a folder, in order', async () => {
    const path = await folder('feed', {
      'b/two.txt': `\u000b${MSH('ADT^A40')}\r${PID}\rMRG|8\r\u001c\r${MSH('ORU^R01')}\r${PID}\rOBR|1\r`,
      'a.hl7': `${MSH('ADT^A04^ADT_A01')}\n${PID}\n`,
      'c.dat': Buffer.from(`${MSH('ADT^A02')}\r${PID}`, 'utf16le'),
      'readme.md': '# Not HL7',
      '.hidden.hl7': 'x',
    });
    const common = { kind: 'message', parsed: true, identical: true, version: '2.5.1', warnings: [] };
    expect(await json(path)).toEqual([
      { ...common, file: join(path, 'a.hl7'), line: 1, offset: 0, type: 'ADT^A04', route: 'patient', processed: true },
      expect.objectContaining({ ...common, file: join(path, 'b/two.txt'), line: 1, type: 'ADT^A40', route: 'merge' }),
      expect.objectContaining({ ...common, file: join(path, 'b/two.txt'), line: 5, type: 'ORU^R01', route: 'result' }),
      expect.objectContaining({ ...common, file: join(path, 'c.dat'), line: 1, type: 'ADT^A02', route: null }),
    ]);
    const { code, errors } = await run('check', '--json', path);
    expect(code).toBe(0);
    expect(errors).toContain('4 messages in 3 files: 4 parsed, 4 written back identically.\n');
    expect(errors).toContain('Routed: merge 1, patient 1, result 1. Not routed: ADT^A02 1.\n');
    expect(errors).toContain('Passed over, as they hold no HL7: 1 file.\n');
  });

  it('tells what is wrong with its place, and no content of a message', async () => {
    const path = await folder('wrong', {
      'batch.hl7': [`BHS|^~\\&|`, MSH('ADT^A04', '|P|x'), PID, `PID|2||${'x'.repeat(20)}`, 'BTS|2', ''].join('\r'),
      'shifted.hl7': `${MSH('Quetzalcoatl, Xochitl', '1|P|Quetzalcoatl')}\r${PID}`,
    });
    const found = await json(path);
    expect(found).toMatchObject([
      {
        line: 2,
        warnings: [
          { severity: 'error', code: '101', place: 'MSH-10' },
          { severity: 'warning', code: '203', place: 'MSH-12' },
        ],
      },
      { kind: 'batch', line: 5, severity: 'warning', code: 'hl7.batch-count', place: 'BTS' },
      { line: 1, type: null, version: null, route: null },
    ]);
    const { code, output, errors } = await run('check', path);
    expect(code).toBe(0);
    expect(output + errors + JSON.stringify(found)).not.toMatch(/Quetzalcoatl|Xochitl/);
  });

  it('ends with 1 for what is not parsed, and goes on', async () => {
    const path = await folder('broken', {
      'a.hl7': `PID|1\r${MSH('ADT^A04')}\r${PID}`,
      'b.hl7': 'nothing of the kind',
    });
    const { code, output } = await run('check', path);
    expect(code).toBe(1);
    expect(output).toContain('3 messages in 2 files: 1 parsed, 1 written back identically.');
    expect(await json(path)).toMatchObject([
      { parsed: false, identical: false, warnings: [{ severity: 'error', code: 'hl7.no-header' }] },
      { parsed: true },
      { parsed: false },
    ]);
  });

  it('ends with 1 for a message that is too long, and where there is none at all', async () => {
    const long = await folder('long', { 'a.hl7': `${MSH('ADT^A04')}\r${PID}\rNTE|1||${'x'.repeat(1_100_000)}` });
    expect((await run('check', long)).code).toBe(0);
    expect((await run('check', long, '--max-size', '1')).code).toBe(1);
    const none = await folder('none', { 'a.txt': 'x' });
    expect(await run('check', none)).toMatchObject({
      code: 1,
      output: expect.stringContaining('No message was found.') as string,
    });
  });

  it('checks a file that is named whatever it holds, and does not follow links to folders', async () => {
    const path = await folder('links', { 'a.txt': 'x', 'b/c.hl7': `${MSH('ADT^A04')}\r${PID}` });
    await symlink(path, join(path, 'b/loop'));
    expect(await json(path)).toHaveLength(1);
    expect(await json(join(path, 'a.txt'))).toMatchObject([{ parsed: false }]);
  });

  it.each([
    [[], 'hl7 knows: check'],
    [['chekc'], 'hl7 knows: check'],
    [['check'], 'hl7 check needs at least one PATH.'],
    [['check', 'no-such-file'], 'no-such-file cannot be read: ENOENT.'],
    [['check', '.', '--max-size', 'x'], '--max-size must be a whole number of megabytes.'],
  ])('%j is told in one sentence', async (args, sentence) => {
    const wrong = await run(...args).catch((error: unknown) => error);
    expect(wrong).toBeInstanceOf(UsageError);
    expect((wrong as UsageError).message).toContain(sentence);
  });
});
