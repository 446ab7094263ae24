import { R4_RESOURCES } from './r4-resources.ts';
import { R4_TYPES } from './r4-types.ts';

/** One element of a resource or data type, by the name it has in JSON (`valueQuantity`, not `value[x]`). */
export interface R4Element {
  readonly name: string;
  readonly list: boolean;
  readonly required: boolean;
  /** The data type, `Resource`, or `Backbone` for an element with elements of its own. */
  readonly type: string;
  /** The codes of a required binding. */
  readonly codes: ReadonlySet<string> | undefined;
  /** The elements of a backbone element. */
  readonly structure: R4Structure | undefined;
  /** `value[x]` for what is one of a choice. */
  readonly choice: string | undefined;
}

export interface R4Structure {
  /** `Patient`, `Identifier`, `Patient.contact`. */
  readonly name: string;
  readonly elements: ReadonlyMap<string, R4Element>;
  /** Choices of which one has to be there. */
  readonly requiredChoices: readonly string[];
}

/** Elements that every resource has. */
const RESOURCE_ELEMENTS =
  'id:id meta:Meta implicitRules:uri language:code text:Narrative contained*:Resource extension*:Extension modifierExtension*:Extension';
const BACKBONE_ELEMENTS = 'id:string extension*:Extension modifierExtension*:Extension';
const TYPE_ELEMENTS = 'id:string extension*:Extension';

/** What `[x]` of an extension may be; the others are not used by anything here. */
const EXTENSION =
  'url!:uri value[x]:boolean|code|string|uri|url|canonical|id|oid|uuid|markdown|integer|positiveInt|unsignedInt|decimal|date|dateTime|instant|time|base64Binary|Address|Age|Annotation|Attachment|CodeableConcept|Coding|ContactPoint|Duration|HumanName|Identifier|Money|Period|Quantity|Range|Ratio|Reference|SampledData|Timing|Meta';

const structures = new Map<string, R4Structure>();

/** The structure of a resource or data type; undefined for one that is not described. */
export function r4Structure(name: string): R4Structure | undefined {
  const known = structures.get(name);
  if (known !== undefined) return known;
  const resource = R4_RESOURCES[name];
  const text = resource ?? (name === 'Extension' ? EXTENSION : R4_TYPES[name]);
  if (text === undefined) return undefined;
  const common = resource === undefined ? TYPE_ELEMENTS : RESOURCE_ELEMENTS;
  const structure = new StructureReader(name, `${common} ${text}`).read();
  structures.set(name, structure);
  return structure;
}

/** Whether a name is that of a resource described here. */
export function isR4Resource(name: string): boolean {
  return Object.hasOwn(R4_RESOURCES, name);
}

const NAME = /\s*([a-zA-Z]+)(\[x\])?([!*+]?)([:{])/y;
const TYPES = /@?[\w.|]+/y;
const CODES = /\(([^)]*)\)/y;

/** Reads the short notation of r4-resources.ts. */
class StructureReader {
  readonly #name: string;
  readonly #text: string;
  #at = 0;
  /** Backbone elements by their path, for those that repeat another's content. */
  readonly #backbones = new Map<string, Map<string, R4Element>>();

  constructor(name: string, text: string) {
    this.#name = name;
    this.#text = text.trim();
  }

  read(): R4Structure {
    return this.#structure(this.#name, '');
  }

  #structure(path: string, common: string): R4Structure {
    const elements = new Map<string, R4Element>();
    const requiredChoices: string[] = [];
    this.#backbones.set(path, elements);
    if (common !== '')
      for (const [key, element] of new StructureReader(path, common).read().elements) elements.set(key, element);
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      const [, name = '', choice, cardinality = '', opening] = this.#take(NAME);
      const list = cardinality === '*' || cardinality === '+';
      const required = cardinality === '!' || cardinality === '+';
      const base = { name, list, required, codes: undefined, structure: undefined, choice: undefined };
      if (opening === '{') {
        const structure = this.#structure(`${path}.${name}`, BACKBONE_ELEMENTS);
        this.#at += 1;
        elements.set(name, { ...base, type: 'Backbone', structure });
        continue;
      }
      const types = this.#take(TYPES)[0] ?? '';
      CODES.lastIndex = this.#at;
      const bound = CODES.exec(this.#text);
      if (bound !== null) this.#at = CODES.lastIndex;
      const codes = bound?.[1] === undefined ? undefined : new Set(bound[1].split('|'));
      if (choice === '[x]') {
        if (required) requiredChoices.push(name);
        for (const type of types.split('|')) {
          const own = name + type.charAt(0).toUpperCase() + type.slice(1);
          elements.set(own, { ...base, name: own, required: false, type, codes, choice: `${name}[x]` });
        }
      } else if (types.startsWith('@')) {
        const repeated = this.#backbones.get(types.slice(1)) ?? new Map<string, R4Element>();
        const structure = { name: types.slice(1), elements: repeated, requiredChoices: [] };
        elements.set(name, { ...base, type: 'Backbone', structure });
      } else elements.set(name, { ...base, type: types, codes });
    }
    return { name: path, elements, requiredChoices };
  }

  #take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new Error(`The structure of ${this.#name} cannot be read at ${this.#at}.`);
    this.#at = pattern.lastIndex;
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\n') this.#at += 1;
    return match;
  }
}
