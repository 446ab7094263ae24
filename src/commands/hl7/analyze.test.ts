import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fqhcFeed } from '../../mapping/feed-profile/testing.ts';
import { hl7Command } from '../hl7.ts';
import { UsageError } from '../options.ts';

let home: string;
let file: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'practice-studio-hl7-analyze-'));
  file = join(home, 'feed.hl7');
  await writeFile(file, fqhcFeed(60).join(''));
});
afterAll(() => rm(home, { recursive: true, force: true }));

async function run(...args: readonly string[]): Promise<{ code: number; output: string }> {
  let output = '';
  const code = await hl7Command.run(['analyze', ...args], {
    env: {},
    version: '1.2.3',
    print: (text) => (output += `${text}\n`),
    say: () => undefined,
  });
  return { code, output };
}

describe('hl7 analyze', () => {
  it('says in a few lines what the feed is and how the default mapping fits', async () => {
    const { code, output } = await run(home);
    expect(code).toBe(0);
    expect(output).toContain('60 messages');
    expect(output).toContain('Proposed: Sliding fee class');
    expect(output).toContain('ZFS-2.1');
    expect(output).toContain('Race: W1 (15) → 2106-3');
    expect(output).not.toContain('ABBOTT');
  });
  it('prints the whole analysis, masked unless asked', async () => {
    const masked = await run(file, '--json');
    expect(JSON.parse(masked.output)).toMatchObject({ revealed: false, profile: { messages: 60 } });
    expect(masked.output).not.toContain('ABBOTT');
    expect((await run(file, '--json', '--reveal')).output).toContain('ABBOTT');
  });
  it('prints the interface specification', async () => {
    expect((await run(file, '--markdown')).output).toContain('# Interface specification');
    expect((await run(file, '--csv')).output).toMatch(/^segment,path,name/);
  });
  it('refuses what is typed wrongly, and answers 1 where there is no message', async () => {
    await expect(run()).rejects.toThrow(UsageError);
    await expect(run(file, '--json', '--csv')).rejects.toThrow(UsageError);
    await expect(run(file, '--mapping', file)).rejects.toThrow(/is not a mapping/);
    const empty = join(home, 'empty.hl7');
    await writeFile(empty, '\n');
    expect((await run(empty)).code).toBe(1);
  });
});
