const YEAR = String.raw`(?:[0-9](?:[0-9](?:[0-9][1-9]|[1-9]0)|[1-9]00)|[1-9]000)`;
const MONTH = '(?:0[1-9]|1[0-2])';
const DAY = '(?:0[1-9]|[12][0-9]|3[01])';
const TIME = String.raw`(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?`;
const ZONE = '(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))';

const TEXT = /\S/;
const URI = /^\S+$/;

/** The forms of R4's primitive types (datatypes.html); those that are numbers or booleans in JSON have `undefined`. */
const FORMS: Readonly<Record<string, RegExp | undefined>> = {
  boolean: undefined,
  integer: undefined,
  positiveInt: undefined,
  unsignedInt: undefined,
  decimal: undefined,
  string: TEXT,
  markdown: TEXT,
  xhtml: TEXT,
  code: /^[^\s]+(?:\s[^\s]+)*$/,
  id: /^[A-Za-z0-9\-.]{1,64}$/,
  uri: URI,
  url: URI,
  canonical: URI,
  oid: /^urn:oid:[0-2](?:\.(?:0|[1-9][0-9]*))+$/,
  uuid: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
  date: new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY})?)?$`),
  dateTime: new RegExp(`^${YEAR}(?:-${MONTH}(?:-${DAY}(?:T${TIME}${ZONE})?)?)?$`),
  instant: new RegExp(`^${YEAR}-${MONTH}-${DAY}T${TIME}${ZONE}$`),
  time: new RegExp(`^${TIME}$`),
  base64Binary: /^[A-Za-z0-9+/]*={0,2}$/,
};

export function isR4Primitive(type: string): boolean {
  return Object.hasOwn(FORMS, type);
}

/** What is wrong with a primitive value; undefined when nothing is. */
export function primitiveFault(type: string, value: unknown): string | undefined {
  switch (type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'must be true or false';
    case 'decimal':
      return typeof value === 'number' && Number.isFinite(value) ? undefined : 'must be a number';
    case 'integer':
      return isInteger(value, -2_147_483_648) ? undefined : 'must be a whole number';
    case 'positiveInt':
      return isInteger(value, 1) ? undefined : 'must be a whole number from 1';
    case 'unsignedInt':
      return isInteger(value, 0) ? undefined : 'must be a whole number from 0';
    default: {
      if (typeof value !== 'string') return 'must be a text';
      if (type === 'base64Binary' && value.length % 4 !== 0) return 'has not the form of base64Binary';
      return FORMS[type]?.test(value) === true ? undefined : `has not the form of ${type}`;
    }
  }
}

function isInteger(value: unknown, least: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= 2_147_483_647;
}
