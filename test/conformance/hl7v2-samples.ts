import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What the samples' manifest tells of a file, as far as the tests look at it. */
export interface SampleFile {
  readonly file: string;
  readonly messages: number;
  readonly types: readonly string[];
  readonly versions: readonly string[];
  readonly charset: readonly string[];
  readonly delimiters: readonly string[];
  readonly z_segments: readonly string[];
  /** The output of another converter, where there is one. */
  readonly expected_fhir?: { readonly file: string };
}

const FOLDER = fileURLToPath(new URL('../../../shared/data/hl7v2/', import.meta.url));

/** The sample messages beside this clone; undefined when they are not there, which is an error where CI runs. */
export function hl7Samples(): readonly SampleFile[] | undefined {
  if (existsSync(`${FOLDER}MANIFEST.json`)) return JSON.parse(readFileSync(`${FOLDER}MANIFEST.json`, 'utf8'));
  if (process.env['CI']) throw new Error(`The HL7 sample messages are missing: ${FOLDER}`);
  return undefined;
}

export function sampleBytes(sample: SampleFile): Buffer {
  return readFileSync(FOLDER + sample.file);
}

/** What another converter made of the file's first message; undefined when that is not at hand. */
export function expectedFhir(sample: SampleFile): unknown {
  const file = sample.expected_fhir?.file;
  return file === undefined ? undefined : JSON.parse(readFileSync(FOLDER + file, 'utf8'));
}
