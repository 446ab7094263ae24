import { isMap, isNode, isPair, LineCounter, parseDocument, stringify, type Document } from 'yaml';
import type { z } from 'zod';
import { SettingsError, type SettingsPlace } from '../../records/settings/settings-error.ts';
import { configurationDocument, type ConfigurationDocument } from './configuration-document.ts';

type Path = readonly PropertyKey[];

/** A configuration as it was read, and where in its text each value stands. */
export interface ReadConfiguration {
  readonly document: ConfigurationDocument;
  /** `line 12, column 5 (listeners[0].port)`. */
  readonly place: (path: Path) => string;
}

/**
 * Reads a configuration from YAML 1.2 or JSON text.
 *
 * @throws SettingsError `configuration_unreadable` or `configuration_invalid`, with line and column of everything wrong.
 */
export function readConfiguration(text: string): ReadConfiguration {
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true, stringKeys: true });
  if (parsed.errors.length > 0) {
    const places = parsed.errors.slice(0, 20).map(({ pos, message }) => {
      const { line, col } = lines.linePos(pos[0]);
      return { place: `line ${line}, column ${col}`, reason: message };
    });
    throw new SettingsError('configuration_unreadable', places);
  }
  const plain = toPlain(parsed);
  const place = (path: Path): string => {
    const { line, col } = lines.linePos(offsetOf(parsed, path));
    const name = pathText(path);
    return name === '' ? `line ${line}, column ${col}` : `line ${line}, column ${col} (${name})`;
  };
  const checked = configurationDocument.safeParse(plain, { reportInput: true });
  if (!checked.success) {
    throw new SettingsError(
      'configuration_invalid',
      // Misspelt names first: what they were to name shows as missing.
      [...checked.error.issues]
        .sort((one, other) => Number(isUnknown(other)) - Number(isUnknown(one)))
        .slice(0, 50)
        .flatMap((issue) => tell(issue, place)),
    );
  }
  return { document: checked.data, place };
}

/** Writes plain data as YAML that a person can edit; the same data always gives the same text. */
export function writeYaml(comment: string, data: unknown): string {
  const head = comment
    .split('\n')
    .map((line) => `# ${line}`.trimEnd())
    .join('\n');
  return `${head}\n${stringify(data, { lineWidth: 120, aliasDuplicateObjects: false })}`;
}

function toPlain(parsed: Document.Parsed): unknown {
  try {
    // A handful of aliases is fine; a file that multiplies itself by them is not.
    return parsed.toJS({ maxAliasCount: 100 }) as unknown;
  } catch (cause) {
    throw new SettingsError('configuration_unreadable', [{ place: 'line 1, column 1', reason: 'Too many aliases.' }], {
      cause,
    });
  }
}

function isUnknown(issue: z.core.$ZodIssue): boolean {
  return issue.code === 'unrecognized_keys';
}

function tell(issue: z.core.$ZodIssue, place: (path: Path) => string): SettingsPlace[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((name) => ({
      place: place([...issue.path, name]),
      reason: `“${name}” is not known here; is it misspelt?`,
    }));
  }
  if (issue.code !== 'invalid_type') return [{ place: place(issue.path), reason: `${issue.message}.` }];
  if (issue.input === undefined) return [{ place: place(issue.path), reason: 'This is missing.' }];
  const quotes = issue.expected === 'string' && typeof issue.input === 'number' ? '; put it in quotes' : '';
  return [{ place: place(issue.path), reason: `${issue.message}${quotes}.` }];
}

/** Where a path begins in the text; for one that is not there, where the nearest thing around it begins. */
function offsetOf(parsed: Document.Parsed, path: Path): number {
  let offset = 0;
  for (let depth = 0; depth <= path.length; depth++) {
    const around = depth === 0 ? parsed.contents : parsed.getIn(path.slice(0, depth), true);
    if (!isNode(around) && !isPair(around)) return keyOffset(parsed, path.slice(0, depth)) ?? offset;
    if (isNode(around) && around.range) offset = around.range[0];
  }
  return keyOffset(parsed, path) ?? offset;
}

/** Where the name of a field stands: what a person looks for. */
function keyOffset(parsed: Document.Parsed, path: Path): number | undefined {
  const name = path.at(-1);
  if (typeof name !== 'string') return undefined;
  const around = path.length === 1 ? parsed.contents : parsed.getIn(path.slice(0, -1), true);
  if (!isMap(around)) return undefined;
  for (const pair of around.items) {
    if (isNode(pair.key) && 'value' in pair.key && pair.key.value === name) return pair.key.range?.[0];
  }
  return undefined;
}

/** `['rules', 3, 'target']` as `rules[3].target`. */
export function pathText(path: Path): string {
  let text = '';
  for (const part of path) {
    text += typeof part === 'number' ? `[${part}]` : `${text === '' ? '' : '.'}${String(part)}`;
  }
  return text;
}

/** `rules[3].target` as `['rules', 3, 'target']`. */
export function pathOf(text: string): (string | number)[] {
  return [...text.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
}
