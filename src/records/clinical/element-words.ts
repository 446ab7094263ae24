import type { RecordBody } from '../record-input.ts';

/** Deeper than any element that people read goes. */
const MAX_DEPTH = 6;

/** An element of a FHIR resource as text; empty when it says nothing that a person reads. */
export function elementWords(value: unknown, resource: RecordBody, depth = 0): string {
  if (depth > MAX_DEPTH || value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) {
    return [...new Set(value.map((item: unknown) => elementWords(item, resource, depth + 1)))]
      .filter((text) => text !== '')
      .join('; ');
  }
  const object = value as RecordBody;
  const inner = (name: string): string => elementWords(object[name], resource, depth + 1);
  const known = KNOWN.find(({ has }) => has.some((name) => object[name] !== undefined));
  if (known !== undefined) {
    const text = known.say(object, inner, resource);
    if (text !== '') return text;
  }
  return Object.keys(object)
    .filter((name) => name !== 'extension' && name !== 'id' && !name.startsWith('_'))
    .map(inner)
    .filter((text) => text !== '')
    .join(', ');
}

type Inner = (name: string) => string;
interface Known {
  readonly has: readonly string[];
  readonly say: (object: RecordBody, inner: Inner, resource: RecordBody) => string;
}

const join = (parts: readonly string[], between: string): string => parts.filter((part) => part !== '').join(between);

/** Data types by an element that only they have, most telling first. */
const KNOWN: readonly Known[] = [
  { has: ['reference'], say: (object, inner, resource) => inner('display') || referenced(object, resource) },
  { has: ['attachment'], say: (_, inner) => inner('attachment') },
  { has: ['contentType', 'data', 'url'], say: (object, inner) => attachment(object, inner) },
  { has: ['coding'], say: (_, inner) => inner('text') || inner('coding') },
  { has: ['numerator'], say: (_, inner) => join([inner('numerator'), inner('denominator')], ' : ') },
  { has: ['low', 'high'], say: (_, inner) => inner('text') || join([inner('low'), inner('high')], ' to ') },
  { has: ['unit', 'comparator'], say: (_, inner) => join([inner('comparator'), inner('value'), inner('unit')], ' ') },
  { has: ['start', 'end'], say: (_, inner) => `${inner('start')} to ${inner('end')}`.replace(/^ to | to $/g, '') },
  { has: ['family', 'given'], say: (_, inner) => inner('text') || join([inner('given'), inner('family')], ' ') },
  {
    has: ['text'],
    say: (object, inner) => join([inner('text'), typeof object['time'] === 'string' ? object['time'] : ''], ', '),
  },
  { has: ['display'], say: (_, inner) => inner('display') },
  { has: ['code'], say: (_, inner) => inner('code') },
  { has: ['value'], say: (_, inner) => join([inner('value'), inner('type')], ' ') },
];

/** What a contained resource is called. */
function referenced(object: RecordBody, resource: RecordBody): string {
  const reference = String(object['reference']);
  if (!reference.startsWith('#')) return reference.startsWith('urn:') ? '' : reference;
  const contained = (resource['contained'] as readonly RecordBody[] | undefined) ?? [];
  const target = contained.find(({ id }) => `#${String(id)}` === reference);
  if (target === undefined) return '';
  return elementWords(
    target['name'] ?? target['practitioner'] ?? target['deviceName'] ?? target['identifier'],
    resource,
    2,
  );
}

function attachment(object: RecordBody, inner: Inner): string {
  const data = object['data'];
  const size = typeof data === 'string' ? `${Math.ceil((data.length * 3) / 4 / 1024)} KB` : '';
  return join([inner('title'), inner('contentType'), size, inner('url')], ', ');
}
