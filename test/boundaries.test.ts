import { describe, expect, it } from 'vitest';
import { filesBelow, readText } from './support/checkout.ts';
import { findImports, resolveImport } from './support/imports.ts';

const reading = ['domain', 'formats', 'mapping', 'matching', 'transport', 'connectors', 'security'];

/**
 * Who may import whom: ARCHITECTURE.md says why. A room may always import itself. The statements of the store are
 * written for the engine and the records, which use them without an interface between; the store knows neither's code.
 */
const table: Readonly<Record<string, readonly string[] | 'all'>> = {
  domain: [],
  contract: ['domain'],
  formats: ['domain'],
  mapping: ['domain', 'formats'],
  matching: ['domain'],
  transport: ['domain'],
  connectors: ['domain', 'formats', 'mapping'],
  store: ['domain'],
  security: ['domain'],
  records: [...reading, 'store'],
  engine: [...reading, 'store', 'records'],
  sync: [...reading, 'store', 'records'],
  operations: [...reading, 'contract', 'store', 'records', 'engine', 'sync'],
  api: ['domain', 'contract', 'security', 'records', 'engine', 'sync', 'operations'],
  console: ['contract'],
  simulator: ['domain', 'formats', 'transport'],
  commands: 'all',
  // The files that lie in no room: the composition root and the command line.
  src: 'all',
};

/** What a room may know as types only: interfaces that it fulfils for others (ports), or is handed. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  store: ['security', 'engine', 'sync', 'records', 'matching', 'mapping'],
  security: ['store'],
  api: ['store'],
  console: ['domain'],
};

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly typeOnly: boolean;
}

const sources = ['src', 'console', 'simulator']
  .flatMap((folder) => filesBelow(folder, /\.tsx?$/))
  .filter((path) => !/\.test\.tsx?$|\.d\.ts$/.test(path) && !/\/(?:test-support|testing)\b/.test(path));

const edges: Edge[] = sources.flatMap((from) =>
  findImports(readText(from)).flatMap(({ specifier, typeOnly, line }) => {
    const to = resolveImport(from, specifier);
    return to === null ? [] : [{ from, to, line, typeOnly }];
  }),
);

function roomOf(path: string): string {
  const parts = path.split('/');
  if (parts[0] !== 'src') return parts[0] ?? '';
  return parts.length === 2 ? 'src' : (parts[1] ?? '');
}

function isAllowed({ from, to, typeOnly }: Edge): boolean {
  const [importer, imported] = [roomOf(from), roomOf(to)];
  if (importer === imported) return true;
  const allowed = table[importer];
  if (allowed === 'all' || allowed?.includes(imported) === true) return true;
  return typeOnly && typesOf[importer]?.includes(imported) === true;
}

describe('the rooms of the house', () => {
  it('are seen by this test', () => {
    expect(sources.length).toBeGreaterThan(100);
    expect(edges.length).toBeGreaterThan(200);
    expect(new Set(sources.map(roomOf)).size).toBeGreaterThan(8);
  });

  it('are all in the table', () => {
    expect([...new Set(sources.map(roomOf))].filter((room) => !(room in table))).toEqual([]);
  });

  it('import only whom they may', () => {
    const wrong = edges.filter((edge) => !isAllowed(edge));
    expect(wrong.map(({ from, line, to }) => `${from}:${line} imports ${to}`)).toEqual([]);
  });

  it('do not import each other in a circle', () => {
    const running = edges.filter(({ typeOnly, from }) => !typeOnly && roomOf(from) !== 'src');
    const graph = new Map<string, Set<string>>();
    for (const { from, to } of running) {
      if (roomOf(from) === roomOf(to)) continue;
      graph.set(roomOf(from), (graph.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
    }
    expect(circles(graph)).toEqual([]);
  });
});

describe('source files', () => {
  it('are short enough to be read in one sitting', () => {
    const lines = (path: string): number => readText(path).split('\n').length;
    const long = sources.filter((path) => lines(path) > 500 && !isGenerated(path));
    expect(long.map((path) => `${path}: ${lines(path)} lines`)).toEqual([]);
  });

  it('are no barrels', () => {
    expect(sources.filter((path) => /\/index\.tsx?$/.test(path))).toEqual([]);
  });
});

function isGenerated(path: string): boolean {
  return /^(?:\/\/|\/\*)[^\n]*generated/i.test(readText(path));
}

function circles(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found = new Set<string>();
  const walk = (room: string, path: readonly string[]): void => {
    const at = path.indexOf(room);
    if (at >= 0) {
      found.add([...path.slice(at), room].join(' → '));
      return;
    }
    for (const next of graph.get(room) ?? []) walk(next, [...path, room]);
  };
  for (const room of graph.keys()) walk(room, []);
  return [...found];
}
