import type { PracticeMessage } from './practice.ts';

export interface FileOptions {
  readonly messages: number;
  /** With file and batch header and trailer (HL7 v2 section 2.10.3). */
  readonly batch: boolean;
  /** What ends a segment. HL7 has CR; many files have been through an editor. */
  readonly lineEnd: '\r' | '\n' | '\r\n';
  /** YYYYMMDDHHMMSS of the headers. */
  readonly at: string;
}

/** The bytes of a file of messages, one message after the other, without holding them. */
export function* fileOf(next: () => PracticeMessage, options: FileOptions): Generator<Buffer, void, undefined> {
  const { messages, batch, lineEnd, at } = options;
  const line = (text: string) => Buffer.from(`${text}${lineEnd}`, 'latin1');
  const parties = 'NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER';
  if (batch) {
    yield line(`FHS|^~\\&|${parties}|${at}||nextgen-${at}.hl7||F${at}`);
    yield line(`BHS|^~\\&|${parties}|${at}||||B${at}`);
  }
  for (let count = 0; count < messages; count += 1) {
    const { bytes } = next();
    yield lineEnd === '\r' ? bytes : Buffer.from(bytes.toString('latin1').replaceAll('\r', lineEnd), 'latin1');
  }
  if (batch) {
    yield line(`BTS|${messages}`);
    yield line('FTS|1');
  }
}
