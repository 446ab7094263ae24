import type { FeedAnalysis, FeedField, FeedSegment, ShownValue } from '../../contract/feed-analysis.ts';
import { componentPath } from '../../mapping/feed-profile/mapped-paths.ts';

export interface SpecificationOptions {
  /** Examples of values as the analysis shows them; otherwise only value sets that everybody may see. */
  readonly examples: boolean;
}

/** One line of the interface specification. */
interface Line {
  readonly segment: string;
  readonly path: string;
  readonly name: string;
  readonly type: string;
  /** R: in every segment. O: in some. */
  readonly usage: 'R' | 'O';
  readonly rate: number;
  readonly length: string;
  readonly repeats: number;
  readonly codes: string;
  readonly target: string;
  readonly notes: string;
}

/** An analysis as a document for the vendor, in Markdown. */
export function specificationMarkdown(analysis: FeedAnalysis, options: SpecificationOptions): string {
  const { profile } = analysis;
  const targets = targetsByPath(analysis);
  const list = (counts: readonly { value: string; count: number }[]): string =>
    counts.map(({ value, count }) => `${value} (${count.toLocaleString('en-US')})`).join(', ') || 'none';
  const parts = [
    `# Interface specification: ${text(analysis.name || analysis.system_name || 'HL7 v2 feed')}`,
    `As seen in ${profile.messages.toLocaleString('en-US')} messages (${text(analysis.source)}), ${analysis.made_at.slice(0, 10)}. ` +
      'Usage: R = always filled, O = filled in some messages. What is not listed was never filled.',
    '## Messages',
    table(
      ['', ''],
      [
        ['Types', list(profile.types)],
        ['Versions', list(profile.versions)],
        ['Senders', list(profile.senders)],
        ['Receivers', list(profile.receivers)],
        ['Character sets (MSH-18)', list(profile.charset.declared)],
        ['Line ends', list(profile.terminators)],
        ['Delimiters', list(profile.delimiters)],
        ['Control ids', `${profile.control.missing} missing, ${profile.control.repeated} repeated`],
        ...(profile.unreadable.length === 0
          ? []
          : [['Not readable', list(profile.unreadable.map(({ code, count }) => ({ value: code, count })))]]),
      ],
    ),
    '## Segments',
    table(
      ['Segment', 'Name', 'In messages', 'Most in one message'],
      profile.segments.map((segment) => [
        segment.segment,
        segment.name || 'of the sender’s own',
        percent(segment.messages / Math.max(1, profile.messages)),
        String(segment.most),
      ]),
    ),
  ];
  for (const segment of profile.segments) {
    parts.push(`## ${segment.segment}${segment.name === '' ? '' : `, ${segment.name}`}`);
    const lines = linesOf(segment, targets, options);
    parts.push(
      table(
        ['Field', 'Name', 'Type', 'Usage', 'Filled', 'Length', 'Repeats', 'Codes', 'Practice Studio field', 'Notes'],
        lines.map((line) => [
          line.path,
          line.name,
          line.type,
          line.usage,
          percent(line.rate),
          line.length,
          line.repeats > 1 ? `up to ${line.repeats}` : '',
          line.codes,
          line.target,
          line.notes,
        ]),
      ),
    );
  }
  const unknown = (analysis.review?.codes ?? []).flatMap(({ label, codes }) =>
    codes
      .filter(({ to, masked }) => to === '' && !masked)
      .map((code) => [label, code.value, code.label ?? '', String(code.count)]),
  );
  if (unknown.length > 0) {
    parts.push('## Codes to be agreed', table(['Field', 'Code', 'Text', 'Messages'], unknown));
  }
  return `${parts.join('\n\n')}\n`;
}

/** The same as a table for a spreadsheet: a line for each field. Cells that begin like a formula are kept from being one. */
export function specificationCsv(analysis: FeedAnalysis, options: SpecificationOptions): string {
  const targets = targetsByPath(analysis);
  const head = [
    'segment',
    'path',
    'name',
    'type',
    'usage',
    'fill_rate',
    'length',
    'repeats',
    'codes',
    'practice_studio_field',
    'notes',
  ];
  const rows = analysis.profile.segments.flatMap((segment) =>
    linesOf(segment, targets, options).map((line) => [
      line.segment,
      line.path,
      line.name,
      line.type,
      line.usage,
      line.rate.toFixed(4),
      line.length,
      String(line.repeats),
      line.codes,
      line.target,
      line.notes,
    ]),
  );
  return [head, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n') + '\r\n';
}

function linesOf(segment: FeedSegment, targets: ReadonlyMap<string, string>, options: SpecificationOptions): Line[] {
  return segment.fields.flatMap((field) =>
    [field, ...field.components].map((each) => lineOf(segment, each, targets, options)),
  );
}

function lineOf(
  segment: FeedSegment,
  field: FeedField,
  targets: ReadonlyMap<string, string>,
  options: SpecificationOptions,
): Line {
  const key = field.path.includes('.') || field.components.length > 0 ? field.path : `${field.path}.1`;
  const { least, typical, most } = field.length;
  const notes = [
    ...field.deviations.map(({ words, count }) => `${words} (${count})`),
    ...(field.nulls > 0 ? [`Explicit nulls: ${field.nulls}.`] : []),
    ...field.precision.map(({ value, count }) => `To the ${value} (${count}).`),
    ...(options.examples && field.examples.length > 0
      ? [`For example ${field.examples.map(({ value }) => value).join('; ')}.`]
      : []),
  ];
  return {
    segment: segment.segment,
    path: field.path,
    name: field.name,
    type: [field.type, field.table === '' ? '' : `table ${field.table}`].filter(Boolean).join(', ') || field.kind,
    usage: field.messages === segment.messages ? 'R' : 'O',
    rate: field.rate,
    length: least === most ? String(most) : `${least} to ${most}, mostly ${typical}`,
    repeats: field.repeats,
    codes: codesOf(field.values, options),
    target: targets.get(key) ?? '',
    notes: notes.join(' '),
  };
}

function codesOf(values: readonly ShownValue[], options: SpecificationOptions): string {
  const shown = options.examples ? values : values.filter(({ masked }) => !masked);
  const hidden = values.length - shown.length;
  const told = shown.map(({ value, label, count }) => `${value}${label === undefined ? '' : ` = ${label}`} (${count})`);
  return [...told, ...(hidden > 0 ? [`${hidden} more`] : [])].join('; ');
}

/** Our fields by the component that they are read from. */
function targetsByPath(analysis: FeedAnalysis): Map<string, string> {
  const targets = new Map<string, string>();
  const add = (path: string | undefined, label: string): void => {
    if (path === undefined) return;
    const known = targets.get(path);
    targets.set(path, known === undefined || known.includes(label) ? (known ?? label) : `${known}; ${label}`);
  };
  for (const { label, sources } of analysis.review?.targets ?? []) {
    for (const { text: source } of sources) {
      add(componentPath(source), label);
      if (!source.includes('.')) add(/^[A-Z][A-Z0-9]{2}-\d+$/.exec(source)?.[0], label);
    }
  }
  for (const { kind, path, label } of analysis.review?.proposals ?? []) {
    if (kind === 'position') add(componentPath(path), `${label} (proposed)`);
  }
  return targets;
}

function percent(share: number): string {
  if (share > 0 && share < 0.01) return 'under 1 %';
  return `${Math.floor(share * 100)} %`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(text).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Text that cannot break out of a table's cell, nor be taken for HTML. */
function text(value: string): string {
  return value
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll('<', '&lt;')
    .replaceAll('`', '\\`')
    .replaceAll(/[\r\n]+/g, ' ');
}

function csvCell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
