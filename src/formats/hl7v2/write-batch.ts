import { charsetByLabel, encodeText } from './charset.ts';
import { type Delimiters, STANDARD_DELIMITERS } from './delimiters.ts';
import { hl7Timestamp } from './ack.ts';
import { escapeText } from './escape.ts';
import { HL7_ERROR_CODES, Hl7Error } from './hl7-error.ts';
import { splitMessages } from './split-messages.ts';
import { wideForm } from './wide.ts';

/** What FHS and BHS say; all but the time may be left out. Texts are written escaped. */
export interface BatchHeader {
  /** FHS-7, BHS-7. */
  readonly time: Date;
  /** Fields 3 to 6. */
  readonly sendingApplication?: string;
  readonly sendingFacility?: string;
  readonly receivingApplication?: string;
  readonly receivingFacility?: string;
  /** FHS-9, BHS-9. */
  readonly name?: string;
  /** FHS-10, BHS-10. */
  readonly comment?: string;
  /** FHS-11, BHS-11. */
  readonly controlId?: string;
  /** FHS-12, BHS-12: the control id of the file or batch that this one answers. */
  readonly reference?: string;
}

export interface Batch {
  readonly header: BatchHeader;
  /** Messages as they go on the wire, each with an MSH and nothing but segments. */
  readonly messages: AsyncIterable<Buffer> | Iterable<Buffer>;
}

export interface WriteOptions {
  /** FHS before the batches and FTS after them. Default: without. */
  readonly file?: BatchHeader;
  /** Delimiters of the envelope; messages keep theirs. */
  readonly delimiters?: Delimiters;
  /** What the texts of the envelope are written in, as MSH-18 names it. Default UTF-8. */
  readonly charset?: string;
}

/**
 * Writes a file of messages (HL7 v2 section 2.10.3): FHS, then of each batch BHS, its messages and BTS with their number, then
 * FTS with the number of batches. A message is written as it stands and ends in a line end. One message is held at a time.
 *
 * @throws Hl7Error `hl7.bad-batch` for bytes that would not come back as one message, `hl7.unencodable`
 */
export async function* writeBatches(
  batches: AsyncIterable<Batch> | Iterable<Batch>,
  options: WriteOptions = {},
): AsyncGenerator<Buffer, void, undefined> {
  const delimiters = options.delimiters ?? STANDARD_DELIMITERS;
  const charset = charsetByLabel(options.charset, delimiters.repetition).name;
  const line = (fields: readonly string[]): Buffer => {
    const bytes = encodeText(`${fields.join(delimiters.field)}\r`, charset === 'detect' ? 'utf-8' : charset);
    if (bytes !== undefined) return bytes;
    throw new Hl7Error(HL7_ERROR_CODES.UNENCODABLE, 'The header of the batch has characters that its set lacks.');
  };
  let batchCount = 0;
  if (options.file !== undefined) yield line(headerFields('FHS', options.file, delimiters));
  for await (const batch of batches) {
    batchCount += 1;
    let messageCount = 0;
    yield line(headerFields('BHS', batch.header, delimiters));
    for await (const message of batch.messages) {
      messageCount += 1;
      yield ended(message, messageCount);
    }
    yield line(['BTS', String(messageCount)]);
  }
  if (options.file !== undefined) yield line(['FTS', String(batchCount)]);
}

function headerFields(name: 'FHS' | 'BHS', header: BatchHeader, delimiters: Delimiters): string[] {
  const value = (text: string | undefined): string => {
    const escaped = escapeText(text ?? '', delimiters);
    if (escaped !== undefined) return escaped;
    throw new Hl7Error(HL7_ERROR_CODES.UNENCODABLE, 'A text of the header needs escaping, but there is no escape.');
  };
  const { component, repetition, escape, subcomponent, truncation } = delimiters;
  const fields = [
    name,
    component + repetition + escape + subcomponent + truncation,
    value(header.sendingApplication),
    value(header.sendingFacility),
    value(header.receivingApplication),
    value(header.receivingFacility),
    hl7Timestamp(header.time),
    '',
    value(header.name),
    value(header.comment),
    value(header.controlId),
    value(header.reference),
  ];
  while (fields.at(-1) === '') fields.pop();
  return fields;
}

/** The message with a line end after it, once it is sure that it comes back alone and whole. */
function ended(message: Buffer, number: number): Buffer {
  const [only, more] = splitMessages(message);
  if (only?.name !== 'MSH' || more !== undefined || wideForm(message) !== undefined) {
    throw new Hl7Error(
      HL7_ERROR_CODES.BAD_BATCH,
      `Message ${number} of the batch cannot be written: it must be one message that begins with MSH, in single bytes.`,
    );
  }
  const last = message.at(-1);
  return last === 0x0d || last === 0x0a ? message : Buffer.concat([message, Buffer.from('\r')]);
}
