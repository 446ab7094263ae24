import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseMessage } from '../../formats/hl7v2/message.ts';
import { startRun } from '../compile-mapping.ts';
import { compileCodeTable } from '../code-table.ts';
import { compileReader } from '../source.ts';
import { MAPPING_FUNCTIONS } from './function-library.ts';
import type { FunctionExample, MappingFunction } from './mapping-function.ts';

const race = compileCodeTable({ key: 'race', title: 'Race', entries: { WHITE: '2106-3' } });

/** A message that says what an example's `message` says. */
function messageOf(fields: Readonly<Record<string, string>>): Buffer {
  const pid: string[][] = [];
  for (const [path, value] of Object.entries(fields)) {
    const [, field = '', component = '1'] = /^PID-(\d+)(?:\.(\d+))?$/.exec(path) ?? [];
    (pid[Number(field)] ??= [])[Number(component) - 1] = value;
  }
  const text = Array.from(pid, (field) => Array.from(field ?? [], (part) => part ?? '').join('^'));
  return Buffer.from(`MSH|^~\\&|A|B|C|D|20260101||ADT^A04|1|P|2.5.1\rPID${text.join('|') || '|'}\r`);
}

function runExample(definition: MappingFunction, example: FunctionExample) {
  const args = definition.args.parse(example.args ?? {});
  const step = definition.compile(args, {
    codeTables: new Map([['race', race]]),
    country: 'US',
    reader: (path) => compileReader(path, undefined, (text) => text),
  });
  const run = startRun(parseMessage(messageOf(example.message ?? {})));
  const output = step(example.input, run);
  return { output, problems: run.problems.map(({ code }) => code) };
}

describe('the functions of the mapping language', () => {
  for (const definition of MAPPING_FUNCTIONS.values()) {
    for (const [i, example] of definition.examples.entries()) {
      it(`${definition.name}: example ${i + 1} is true`, () => {
        const { output, problems } = runExample(definition, example);
        expect(output).toEqual(example.output);
        expect(problems).toEqual(example.problem === undefined ? [] : [example.problem]);
      });
    }
  }

  it('are each told with prose, described arguments and an example', () => {
    expect(MAPPING_FUNCTIONS.size).toBeGreaterThan(20);
    for (const definition of MAPPING_FUNCTIONS.values()) {
      expect(definition.prose, definition.name).toMatch(/\.$/);
      expect(definition.examples.length, definition.name).toBeGreaterThan(0);
      for (const [name, schema] of Object.entries(definition.args.shape)) {
        expect((schema as { description?: string }).description, `${definition.name}.${name}`).toBeTruthy();
      }
    }
  });

  it('are all in the guide', () => {
    const guide = readFileSync(new URL('../../../docs/mapping-format.md', import.meta.url), 'utf8');
    const row = (name: string) => guide.split('\n').find((line) => line.startsWith(`| \`${name}\` `)) ?? '';
    for (const { name, prose } of MAPPING_FUNCTIONS.values()) expect(row(name), name).toContain(prose);
  });

  it('leave a deletion a deletion', () => {
    for (const definition of MAPPING_FUNCTIONS.values()) {
      if (definition.name === 'constant') continue;
      const [example] = definition.examples;
      const { output } = runExample(definition, { ...example, input: null, message: {} });
      expect(output, definition.name).toBeNull();
    }
  });
});
