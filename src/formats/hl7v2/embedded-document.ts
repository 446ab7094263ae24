import { type DataEncoding, decodeData, encodingOf } from './decode-data.ts';
import type { Hl7Message } from './message.ts';
import { type Hl7Path, compilePath } from './path.ts';
import { locate, read } from './read.ts';
import { type Span, unescapeBytes } from './unescape-bytes.ts';

/** A document in an observation value of type ED (encapsulated data) or RP (reference pointer). */
export interface EmbeddedDocument {
  /** `data`: the document stands here (ED-5). `pointer`: only where it is to be found (RP-1). */
  readonly kind: 'data' | 'pointer';
  /** Table 0191, such as `TEXT`, `Image`, `AP` (ED-2, RP-3). */
  readonly type: string | undefined;
  /** Table 0291, such as `PDF`, `JPEG` (ED-3, RP-4). */
  readonly subtype: string | undefined;
  /** Undefined where ED-4 is empty or in no table: look at the data before deciding. */
  readonly encoding: DataEncoding | undefined;
  /** Where the data or the pointer stands in the message's bytes, still escaped. */
  readonly span: Span;
}

const VALUE_TYPE = compilePath('OBX-2');
const ED = paths('OBX-5.1', 'OBX-5.2', 'OBX-5.3', 'OBX-5.4', 'OBX-5.5');

function paths(...texts: readonly string[]): readonly Hl7Path[] {
  return texts.map(compilePath);
}

/**
 * The document in OBX-5 of a segment, found without reading its data; undefined when the value is none, of another type or
 * empty. `segment` and `repetition` count from 0.
 */
export function embeddedDocument(message: Hl7Message, segment: number, repetition = 0): EmbeddedDocument | undefined {
  if (segment < 0 || segment >= message.segmentCount || message.segmentName(segment) !== 'OBX') return undefined;
  const at = { segment, repetition };
  const valueType = read(message, VALUE_TYPE, { segment })?.trim().toUpperCase();
  if (valueType !== 'ED' && valueType !== 'RP') return undefined;
  const isData = valueType === 'ED';
  const part = (component: number): string | undefined => {
    const path = ED[component - 1];
    return (path === undefined ? undefined : read(message, path, at)) ?? undefined;
  };
  const place = ED[isData ? 4 : 0];
  const span = place === undefined ? undefined : locate(message, place, at);
  if (span === undefined || span.start === span.end) return undefined;
  return {
    kind: isData ? 'data' : 'pointer',
    type: part(isData ? 2 : 3),
    subtype: part(isData ? 3 : 4),
    encoding: isData ? encodingOf(part(4)) : undefined,
    span,
  };
}

/**
 * The bytes of a document, decoded in pieces of 64 KB as they are asked for: escape sequences first, then the encoding. Several
 * spans are one document after another in parts, such as one that is spread over OBX segments. Memory: one piece.
 *
 * @example
 * for (const piece of documentBytes(message, [document.span], 'base64')) hash.update(piece);
 *
 * @throws Hl7Error `hl7.bad-data`
 */
export function documentBytes(
  message: Hl7Message,
  spans: readonly Span[],
  encoding: DataEncoding,
): Generator<Buffer, void, undefined> {
  return decodeData(unescapeBytes(message, spans), encoding);
}
