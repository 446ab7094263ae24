import type { Difference } from './compare-bundles.ts';
import { EXPLANATIONS, explain } from './explanations.ts';

/** The differences of one message. */
export interface Compared {
  readonly file: string;
  readonly differences: readonly Difference[];
}

const KINDS = { theirs: 'only theirs', ours: 'only ours', value: 'other values' } as const;

/** The report as Markdown: every element that differs in any message, by the reason. Holds paths and counts, no contents. */
export function differencesReport(compared: readonly Compared[], alike: ReadonlyMap<string, number>): string {
  const lines = [
    '# Where our FHIR differs from that of other converters',
    '',
    `Made by \`test/conformance/to-fhir.test.ts\`, which fails when a difference has no explanation or this page is out of date. Compared: ${compared.length} sample`,
    'messages for which the output of another converter is at hand. That output is an opinion, not an answer that HL7 blessed. What is',
    'compared are the values of each element, whatever resources they stand in; references count by the type that they lead to, times as',
    'moments. The number says in how many messages an element differs.',
    '',
    `Elements that are alike wherever both have them: ${[...alike.values()].filter((n) => n === 0).length} of ${alike.size}.`,
  ];
  const counts = new Map<string, number>();
  for (const { differences } of compared) {
    for (const { kind, path } of differences) counts.set(`${kind} ${path}`, (counts.get(`${kind} ${path}`) ?? 0) + 1);
  }
  const byReason = new Map<string, string[]>();
  for (const key of [...counts.keys()].sort(byPath)) {
    const [kind = '', path = ''] = key.split(' ');
    const id = explain({ kind: kind as Difference['kind'], path })?.id ?? 'unexplained';
    byReason.set(id, [...(byReason.get(id) ?? []), key]);
  }
  for (const { id, tables, reason } of EXPLANATIONS) {
    const keys = byReason.get(id);
    if (keys === undefined) continue;
    lines.push('', `## ${id}`, '', reason, '', `Tables: ${tables}.`, '');
    for (const kind of ['value', 'theirs', 'ours'] as const) {
      const own = keys.filter((key) => key.startsWith(`${kind} `));
      if (own.length === 0) continue;
      const items = own.map((key) => `\`${key.slice(kind.length + 1)}\` ${counts.get(key) ?? 0}`);
      lines.push(`- ${KINDS[kind]}: ${items.join(', ')}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function byPath(a: string, b: string): number {
  const [x = '', y = ''] = [a, b].map((key) => key.slice(key.indexOf(' ') + 1));
  return x < y ? -1 : x > y ? 1 : 0;
}
