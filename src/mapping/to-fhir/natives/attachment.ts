import type { FhirObject } from '../../../formats/fhir/fhir-types.ts';
import { type Part, childPart, childText } from '../part.ts';
import { textOf } from '../../../formats/hl7v2/read.ts';
import { type Run, warn } from '../run.ts';

/** Types of data (tables 0191 and 0291) as media types, by subtype. */
const MEDIA: Readonly<Record<string, string>> = {
  PDF: 'application/pdf',
  RTF: 'text/rtf',
  HTML: 'text/html',
  XML: 'text/xml',
  TXT: 'text/plain',
  PLAIN: 'text/plain',
  TEXT: 'text/plain',
  JPEG: 'image/jpeg',
  JPG: 'image/jpeg',
  PNG: 'image/png',
  GIF: 'image/gif',
  TIFF: 'image/tiff',
  TIF: 'image/tiff',
  BMP: 'image/bmp',
  PICT: 'image/x-pict',
  DICOM: 'application/dicom',
  FAX: 'image/g3fax',
  BASIC: 'audio/basic',
  MSWORD: 'application/msword',
  'X-HL7-CDA-LEVEL-ONE': 'text/xml',
  'HL7-CDA-LEVEL-ONE': 'text/xml',
  'OCTET-STREAM': 'application/octet-stream',
};

/** The media type of a type and subtype of data; undefined when they say nothing. */
export function mediaType(type: string | undefined, subtype: string | undefined): string | undefined {
  // Either component may hold a whole media type.
  for (const each of [subtype, type])
    if (each !== undefined && /^[\w-]+\/[\w.+-]+$/.test(each)) return each.toLowerCase();
  const known = MEDIA[(subtype ?? type ?? '').toUpperCase()];
  if (known !== undefined) return known;
  if (subtype !== undefined && type !== undefined && /^(application|text|image|audio|video)$/i.test(type)) {
    return `${type}/${subtype}`.toLowerCase().replaceAll(/[^\w/.+-]/g, '-');
  }
  return type !== undefined && /^(TEXT|TX|FT)$/i.test(type) ? 'text/plain' : undefined;
}

/** An embedded document (`ED[Attachment]`). The data is decoded once and kept as one text, however large. */
export function encapsulatedData(run: Run, part: Part): FhirObject | undefined {
  const { message } = run;
  const attachment: FhirObject = {};
  const contentType = mediaType(childText(run, part, 2), childText(run, part, 3));
  if (contentType !== undefined) attachment['contentType'] = contentType;
  const data = childPart(run, part, 5);
  if (data === undefined) return contentType === undefined ? undefined : attachment;
  const text = textOf(message, data.start, data.end);
  const encoded = toBase64(text, childText(run, part, 4));
  if (encoded === undefined) {
    warn(run, 'to-fhir.document-unreadable');
    return contentType === undefined ? undefined : attachment;
  }
  attachment['data'] = encoded;
  return attachment;
}

function toBase64(text: string, encoding: string | undefined): string | undefined {
  switch (encoding?.toUpperCase() ?? '') {
    case 'A':
      return Buffer.from(text, 'utf8').toString('base64');
    case 'HEX': {
      const digits = text.replaceAll(/\s/g, '');
      return digits.length % 2 === 0 && /^[0-9A-Fa-f]*$/.test(digits)
        ? Buffer.from(digits, 'hex').toString('base64')
        : undefined;
    }
    default:
      return cleanBase64(text);
  }
}

/** Base64 without line ends and with its padding; undefined when it is none. Copies only what has to be changed. */
export function cleanBase64(text: string): string | undefined {
  let result = /[\s.]/.test(text) ? text.replaceAll(/\s|\.br/g, '') : text;
  if (result.includes('-') || result.includes('_')) result = result.replaceAll('-', '+').replaceAll('_', '/');
  const end = /={0,2}$/.exec(result.slice(-2))?.[0].length ?? 0;
  const length = result.length - end;
  if (length % 4 === 1 || !/^[A-Za-z0-9+/]+={0,2}$/.test(result)) return undefined;
  const padding = (4 - (length % 4)) % 4;
  return padding === end ? result : result.slice(0, length) + '='.repeat(padding);
}

/** A pointer to a document (`RP[Attachment]`). */
export function referencePointer(run: Run, part: Part): FhirObject | undefined {
  const attachment: FhirObject = {};
  const contentType = mediaType(childText(run, part, 3), childText(run, part, 4));
  if (contentType !== undefined) attachment['contentType'] = contentType;
  const pointer = childText(run, part, 1);
  if (pointer === undefined) return contentType === undefined ? undefined : attachment;
  attachment['url'] = encodeURI(pointer).replaceAll(/%25([0-9A-Fa-f]{2})/g, '%$1');
  return attachment;
}
