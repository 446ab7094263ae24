import { hash } from 'node:crypto';
import type { FhirObject, FhirReference, FhirResource } from '../../formats/fhir/fhir-types.ts';
import type { Hl7Message } from '../../formats/hl7v2/message.ts';
import type { ResourceRole } from './to-fhir-format.ts';

/** How a resource is known again when a later message reports it anew. */
export interface UpsertKey {
  /** `sender`: unique among what one sender sends; `patient`: within one patient; `message`: within this message. */
  readonly scope: 'sender' | 'patient' | 'message';
  /** The resource's type and its business identifiers. Holds patient data: hash it before it is stored in the clear. */
  readonly text: string;
}

/** One resource of a conversion. */
export interface ConvertedResource {
  readonly resource: FhirResource;
  /** By this the other resources refer to it: `urn:uuid:` and its id. */
  readonly url: string;
  readonly role: ResourceRole;
  /** The segment it was made from: `OBX[3]`. */
  readonly place: string;
  key: UpsertKey;
}

/** The resources of one conversion. Ids are a function of the message's bytes and of the order in which they are made. */
export class ResourceStore {
  readonly entries: ConvertedResource[] = [];
  readonly #shared = new Map<string, ConvertedResource>();
  readonly #keys = new Map<string, number>();
  readonly #digest: string;

  constructor(message: Hl7Message) {
    this.#digest = hash('sha256', message.toBytes(), 'hex');
  }

  /** Takes a resource in; its elements may still be filled afterwards. */
  add(resourceType: string, elements: FhirObject, role: ResourceRole, place: string): ConvertedResource {
    const ordinal = this.entries.length;
    const id = this.#id(ordinal);
    const resource = Object.assign({ resourceType, id }, elements) as FhirResource;
    const key: UpsertKey = { scope: 'message', text: `${resourceType}|${ordinal}` };
    const entry: ConvertedResource = { resource, url: `urn:uuid:${id}`, role, place, key };
    this.entries.push(entry);
    return entry;
  }

  /** A practitioner, organization, location or device: one that says the same is there once. */
  share(resourceType: string, elements: FhirObject, place: string, key?: string): ConvertedResource {
    const content = resourceType + JSON.stringify(elements);
    let entry = this.#shared.get(content);
    if (entry === undefined) {
      entry = this.add(resourceType, elements, 'support', place);
      this.#shared.set(content, entry);
      const text = key ?? supportKey(elements);
      if (text !== undefined) this.setKey(entry, 'sender', text);
    }
    return entry;
  }

  /** Gives a key; a second resource with the same one gets a number behind it, in the order of the message. */
  setKey(entry: ConvertedResource, scope: UpsertKey['scope'], text: string): void {
    const whole = `${entry.resource.resourceType}|${text}`;
    if (entry.key.scope === scope && (entry.key.text === whole || entry.key.text.startsWith(`${whole}#`))) return;
    const times = (this.#keys.get(whole) ?? 0) + 1;
    this.#keys.set(whole, times);
    entry.key = { scope, text: times === 1 ? whole : `${whole}#${times}` };
  }

  /** A UUID of version 8 (RFC 9562): 100 bits of the message's SHA-256 and the resource's number in it. */
  #id(ordinal: number): string {
    const d = this.#digest;
    const number = ordinal.toString(16).padStart(5, '0');
    return `${d.slice(0, 8)}-${d.slice(8, 12)}-8${d.slice(12, 15)}-8${d.slice(15, 18)}-${d.slice(18, 25)}${number}`;
  }
}

export function referenceTo(entry: ConvertedResource, display?: string): FhirReference {
  return display === undefined ? { reference: entry.url } : { reference: entry.url, display };
}

/** The first identifier, or the name, of a practitioner, organization, location or device. */
function supportKey(elements: FhirObject): string | undefined {
  const identifiers = elements['identifier'] as readonly { system?: string; value?: string }[] | undefined;
  const first = identifiers?.find(({ value }) => value !== undefined);
  if (first?.value !== undefined) return keyText([first.system ?? '', first.value]);
  if (elements['name'] === undefined) return undefined;
  return keyText(['', JSON.stringify(elements['name'])]);
}

/** Parts as one text that leads back to them; another resource's key among them stands in braces, as it is. */
export function keyText(parts: readonly string[]): string {
  return parts.map((part) => (SPECIAL.test(part) ? part.replaceAll(SPECIALS, String.raw`\$&`) : part)).join('|');
}

const SPECIAL = /[\\|{}]/;
const SPECIALS = /[\\|{}]/g;
