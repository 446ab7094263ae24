/** One rule of a mapping at work, as a line to read. */
export interface RuleLine {
  readonly key: string;
  readonly label: string;
  /** Where it was read: `PID-5.1`; empty when it was nowhere. */
  readonly place: string;
  readonly raw: string;
  /** What each function made of it, in order: `trim: Doe`. */
  readonly steps: readonly string[];
  readonly result: string;
  /** What it said when the message was processed, where that differs from today. */
  readonly saidThen: string | undefined;
}
export interface TraceSection {
  readonly title: string;
  readonly lines: readonly RuleLine[];
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly Loose[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown): string => {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(text).join('; ');
  return typeof value === 'string' ? value : JSON.stringify(value);
};

/**
 * The output of the mapping step as sections of lines: the patient's fields, then each item of a list. Rules that found
 * nothing and said nothing are left out. Undefined where the output is none of a mapping gone through again.
 */
export function traceSections(output: unknown): readonly TraceSection[] | undefined {
  if (!isObject(output) || !Array.isArray(output['rules'])) return undefined;
  const items = list(output['items']).filter((item) => item['outcome'] === 'item');
  return [
    { title: 'Patient', lines: linesOf(output['rules']) },
    ...items.map((item) => ({
      title: `${text(item['label'])}, from ${text(item['place'])}`,
      lines: linesOf(item['rules']),
    })),
  ].filter((section) => section.lines.length > 0);
}

/** How many items of lists the output of the mapping step leaves out, as they are very many. */
export function moreItems(output: unknown): number {
  const more = isObject(output) ? output['more_items'] : undefined;
  return typeof more === 'number' ? more : 0;
}

function linesOf(rules: unknown): readonly RuleLine[] {
  return list(rules)
    .filter((rule) => rule['result'] !== undefined || rule['raw'] !== undefined || rule['said_then'] !== undefined)
    .map((rule, index) => ({
      key: `${text(rule['target'])} ${index}`,
      label: text(rule['label']),
      place: text(rule['place']),
      raw: text(rule['raw']),
      steps: list(rule['steps']).map((step) => `${text(step['fn'])}: ${text(step['value']) || 'nothing'}`),
      result: text(rule['result']),
      saidThen: rule['said_then'] === undefined ? undefined : text(rule['said_then']) || 'nothing',
    }));
}
