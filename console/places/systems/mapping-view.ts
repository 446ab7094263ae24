/** The rules of a field mapping in words, read tolerantly from its document (the format has versions of its own). */
export interface RuleView {
  readonly target: string;
  readonly source: string;
  readonly steps: readonly string[];
  readonly notes: readonly string[];
}
export interface MappingView {
  readonly title: string;
  readonly messages: readonly string[];
  readonly positions: readonly { readonly name: string; readonly label: string; readonly path: string }[];
  readonly sections: readonly { readonly title: string; readonly note: string; readonly rules: readonly RuleView[] }[];
}

type Loose = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** `set` are the system's own paths of positions; they go before the mapping's. */
export function mappingView(body: unknown, set: Readonly<Record<string, string>> = {}): MappingView {
  const document = isObject(body) ? body : {};
  const sections = [{ title: 'Patient', note: '', rules: list(document['rules']).filter(isObject).map(ruleView) }];
  for (const group of list(document['groups']).filter(isObject)) {
    const each = isObject(group['each']) ? group['each'] : {};
    const of =
      each['segment'] === undefined
        ? `each repetition of ${text(each['repetition'])}`
        : `each segment ${text(each['segment'])}`;
    const when = group['when'] === undefined ? '' : `, when ${conditionText(group['when'])}`;
    sections.push({
      title: `${text(group['target'])}: ${of}${when}`,
      note: text(group['note']),
      rules: list(group['rules']).filter(isObject).map(ruleView),
    });
  }
  const positions = isObject(document['positions']) ? Object.entries(document['positions']) : [];
  return {
    title: text(document['title']),
    messages: list(document['messages']).map(text),
    positions: positions.map(([name, value]) => {
      const position = isObject(value) ? value : {};
      return { name, label: text(position['label']), path: set[name] ?? (text(position['path']) || 'not set') };
    }),
    sections,
  };
}

function ruleView(rule: Loose): RuleView {
  const notes: string[] = [];
  if (rule['required'] === true) notes.push('required');
  if (rule['default'] !== undefined) notes.push(`default “${text(rule['default'])}”`);
  if (rule['clearWithField'] === true) notes.push('removed when its field comes without it');
  if (rule['when'] !== undefined) notes.push(`only when ${conditionText(rule['when'])}`);
  if (isObject(rule['validate'])) notes.push(`must be ${testText(rule['validate'])}`);
  if (rule['note'] !== undefined) notes.push(text(rule['note']));
  return {
    target: text(rule['target']),
    source: list(rule['source']).map(sourceText).join(', else '),
    steps: list(rule['steps']).filter(isObject).map(stepText),
    notes,
  };
}

function sourceText(source: unknown): string {
  if (!isObject(source)) return text(source);
  const where = list(source['where'])
    .filter(isObject)
    .map((each) => `.${text(each['part'])} ${testText(each)}`)
    .join(' and ');
  return [
    source['part'] === undefined ? text(source['field']) : `${text(source['field'])}.${text(source['part'])}`,
    source['as'] === undefined ? '' : `as ${text(source['as'])}`,
    where === '' ? '' : `where ${where}`,
    source['all'] === true ? '(all repetitions)' : '',
  ]
    .filter((part) => part !== '')
    .join(' ');
}

function stepText(step: Loose): string {
  const { fn, ...rest } = step;
  const args = Object.entries(rest).map(([name, value]) => `${name}: ${text(value)}`);
  return args.length === 0 ? text(fn) : `${text(fn)} (${args.join(', ')})`;
}

function testText(test: Loose): string {
  const parts: string[] = [];
  if (test['present'] === true) parts.push('is filled');
  if (test['present'] === false) parts.push('is empty');
  if (test['oneOf'] !== undefined) parts.push(`one of ${list(test['oneOf']).map(text).join(', ')}`);
  if (test['notOneOf'] !== undefined) parts.push(`none of ${list(test['notOneOf']).map(text).join(', ')}`);
  if (test['matches'] !== undefined) parts.push(`like /${text(test['matches'])}/`);
  if (test['maxLength'] !== undefined) parts.push(`at most ${text(test['maxLength'])} characters`);
  if (test['severity'] === 'warning') parts.push('(else a warning)');
  return parts.join(', ');
}

function conditionText(condition: unknown): string {
  if (!isObject(condition)) return text(condition);
  if (condition['any'] !== undefined) return list(condition['any']).map(conditionText).join(' or ');
  if (condition['all'] !== undefined) return list(condition['all']).map(conditionText).join(' and ');
  if (condition['not'] !== undefined) return `not (${conditionText(condition['not'])})`;
  return `${text(condition['path'])} ${testText(condition)}`;
}
