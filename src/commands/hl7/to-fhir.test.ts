import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../options.ts';
import { hl7Command } from '../hl7.ts';

let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'practice-studio-hl7-to-fhir-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const MESSAGE = [
  String.raw`MSH|^~\&|NG|CLINIC|PS|SRV|202603011200||ADT^A04|77|P|2.5.1`,
  'PID|1||7^^^NG^MR||Quetzalcoatl^Xochitl||1970|F',
  'PV1|1|O||||||||FAM|||||||||V9',
  '',
].join('\r');

async function run(...args: readonly string[]): Promise<{ code: number; out: string[]; err: string[] }> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await hl7Command.run(['to-fhir', ...args], {
    env: {},
    print: (text) => out.push(text),
    say: (text) => err.push(text),
    version: '0',
  });
  return { code, out, err };
}

async function file(name: string, content: string): Promise<string> {
  const path = join(home, name);
  await writeFile(path, content);
  return path;
}

describe('hl7 to-fhir', () => {
  it('prints the Bundle of one message for people to read', async () => {
    const { code, out } = await run(await file('one.hl7', MESSAGE), '--zone', 'America/Chicago');
    expect(code).toBe(0);
    expect(out).toHaveLength(1);
    expect(out[0]).toContain('\n');
    const bundle = JSON.parse(out[0] ?? '') as { type: string; timestamp: string; entry: { resource: object }[] };
    expect(bundle).toMatchObject({ resourceType: 'Bundle', type: 'message', timestamp: '2026-03-01T12:00:00-06:00' });
    expect(bundle.entry.map(({ resource }) => resource)).toContainEqual(
      expect.objectContaining({ resourceType: 'Patient', birthDate: '1970' }),
    );
  });

  it('prints a line for each of several messages', async () => {
    const { code, out } = await run(await file('two.hl7', MESSAGE + MESSAGE.replace('|77|', '|78|')));
    expect(code).toBe(0);
    const ids = out.map((line) => (JSON.parse(line) as { identifier: { value: string } }).identifier.value);
    expect(ids).toEqual(['77', '78']);
  });

  it('prints one line with --ndjson, and files with --into', async () => {
    const path = await file('lines.hl7', MESSAGE);
    const { out } = await run(path, '--ndjson');
    expect(out[0]).not.toContain('\n');
    const folder = join(home, 'bundles');
    expect((await run(path, '--into', folder)).out).toEqual([]);
    expect(await readdir(folder)).toEqual(['0001.json']);
    expect(JSON.parse(await readFile(join(folder, '0001.json'), 'utf8'))).toEqual(JSON.parse(out[0] ?? ''));
  });

  it('tells warnings and unmapped codes by their places, without what the message holds', async () => {
    const { err } = await run(await file('warn.hl7', MESSAGE));
    expect(err.join('\n')).toMatch(/warn\.hl7:1 MSH-7: .*\(to-fhir\.time-zone-assumed\)/);
    expect(err.join('\n')).toMatch(/PV1-10: the code is not in the code map HospitalService/);
    expect(err.join('\n')).not.toMatch(/Quetzalcoatl|FAM/);
  });

  it('answers 1 when a message was not converted or there was none', async () => {
    expect((await run(await file('ack.hl7', MESSAGE.replace('ADT^A04', 'MFN^M02')))).code).toBe(1);
    expect((await run(await file('none.hl7', ''))).code).toBe(1);
    expect((await run(await file('broken.hl7', 'PID|1'))).code).toBe(1);
  });

  it.each([
    [[]],
    [['a', 'b']],
    [['a', '--zone', 'Middle/Earth']],
    [['a', '--ndjson', '--into', 'b']],
    [['/nowhere/at/all.hl7']],
  ])('refuses %j as typed wrongly', async (args) => {
    await expect(run(...args)).rejects.toThrow(UsageError);
  });
});
