import type { FhirObject } from '../../formats/fhir/fhir-types.ts';
import { encapsulatedData, referencePointer } from './natives/attachment.ts';
import { type Part, fieldParts, partText, wholeText } from './part.ts';
import { type Run, warn } from './run.ts';

/**
 * The content of a document notification (`OBX[DocumentReference]`, `NTE[DocumentReference]`): an ED or RP value is a content of its own; texts (TX, FT, ST)
 * of all OBX segments in a row are the lines of one. A document without content gets one that says so, as FHIR wants one.
 */
export function finishDocuments(run: Run): void {
  const { message } = run;
  const entry = run.store.entries.find(
    ({ resource, place }) => resource.resourceType === 'DocumentReference' && place.startsWith('TXA'),
  );
  if (entry === undefined) return;
  const contents: FhirObject[] = [];
  let lines: string[] = [];
  const flush = (): void => {
    if (lines.length > 0) contents.push(textContent(lines));
    lines = [];
  };
  for (let i = 0; i < message.segmentCount; i++) {
    const name = message.segmentName(i);
    if (name !== 'OBX') continue;
    run.segment = i;
    run.field = 5;
    const typePart = fieldParts(run, i, 2)[0];
    const type = typePart === undefined ? undefined : partText(run, typePart);
    const parts = fieldParts(run, i, 5);
    if (type !== 'ED' && type !== 'RP') {
      lines.push(...textLines(run, parts));
      continue;
    }
    flush();
    for (const part of parts) {
      const attachment = type === 'ED' ? encapsulatedData(run, part) : referencePointer(run, part);
      if (attachment !== undefined) contents.push({ attachment });
    }
  }
  flush();
  complete(run, entry.resource, contents);
}

/** Repetitions of a text are its lines; an empty one stands for an empty line. */
function textLines(run: Run, parts: readonly Part[]): string[] {
  if (parts.length === 0) return [''];
  return parts.map((part) => wholeText(run, part) ?? '');
}

function textContent(lines: readonly string[]): FhirObject {
  const data = Buffer.from(`${lines.join('\n').trimEnd()}\n`, 'utf8').toString('base64');
  return { attachment: { contentType: 'text/plain; charset=utf-8', data } };
}

/** What TXA says of the presentation (TXA-3) goes with a content that does not say it itself. */
function complete(run: Run, resource: FhirObject, contents: FhirObject[]): void {
  const told = (resource['content'] as readonly FhirObject[] | undefined)?.[0]?.['attachment'] as
    FhirObject | undefined;
  if (contents.length > 0) {
    for (const content of contents) {
      const attachment = content['attachment'] as FhirObject;
      if (told?.['title'] !== undefined) attachment['title'] = told['title'];
      if (attachment['contentType'] === undefined && told?.['contentType'] !== undefined) {
        attachment['contentType'] = told['contentType'];
      }
    }
    resource['content'] = contents;
    return;
  }
  run.field = 0;
  warn(run, 'to-fhir.document-empty', 'TXA');
  if (told === undefined) {
    const url = 'http://hl7.org/fhir/StructureDefinition/data-absent-reason';
    resource['content'] = [{ attachment: { extension: [{ url, valueCode: 'unknown' }] } }];
  }
}
