import type { StepProblem } from '../../domain/stored-trace.ts';
import { DICTIONARY_VERSIONS } from '../../formats/hl7v2/generated/dictionary-tables.ts';
import type { Envelope } from '../../formats/hl7v2/envelope.ts';
import { versionNumber } from '../../formats/hl7v2/version.ts';

/** HL7 table 0103: debugging, production, training. */
const PROCESSING_IDS = new Set(['P', 'T', 'D']);
const NEWEST = Math.max(...DICTIONARY_VERSIONS.map((version) => versionNumber(version) ?? 0));
const OLDEST = 20_100;

/** What is odd in a header but stops nothing (HL7 table 0357: 202 unsupported processing id, 203 unsupported version id). */
export function headerWarnings({ version, processingId }: Envelope): readonly StepProblem[] {
  const found: StepProblem[] = [];
  if (version !== undefined && !isSupported(version)) {
    found.push({
      severity: 'warning',
      code: 'hl7.version-unsupported',
      place: 'MSH-12',
      reason: 'Unsupported version id: MSH-12 is none of the versions 2.1 to 2.8; the message was read as 2.5.1.',
      hint: 'Ask the vendor which version the interface follows, and to name it in MSH-12.',
    });
  }
  if (processingId !== undefined && !PROCESSING_IDS.has(processingId.toUpperCase())) {
    found.push({
      severity: 'warning',
      code: 'hl7.processing-id-unsupported',
      place: 'MSH-11',
      reason: 'Unsupported processing id: MSH-11 is none of P, T and D; the message was taken as one of production.',
      hint: 'Ask the vendor to send P from production, and T or D from test systems only.',
    });
  }
  return found;
}

/** Later corrections of the newest version (2.8.2) count as it. */
function isSupported(version: string): boolean {
  const number = versionNumber(version);
  return number !== undefined && number >= OLDEST && number < Math.floor(NEWEST / 100) * 100 + 100;
}
