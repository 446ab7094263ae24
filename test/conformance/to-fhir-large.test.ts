import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

const SCRIPT = fileURLToPath(new URL('to-fhir/convert-large.ts', import.meta.url));
const TSX = fileURLToPath(new URL('../../node_modules/tsx/dist/cli.mjs', import.meta.url));

describe('a document of 20 MB', () => {
  it.each(['MDM^T02', 'ORU^R01'])('in %s is converted within 100 MB beyond the message', async (type) => {
    const { stdout } = await promisify(execFile)(process.execPath, [TSX, SCRIPT, type], { maxBuffer: 1_000_000 });
    const { documentBytes, grownBy, peakGrownBy } = JSON.parse(stdout) as Record<string, number>;
    expect(documentBytes).toBeGreaterThan(20_000_000);
    expect(grownBy).toBeLessThan(100_000_000);
    expect(peakGrownBy).toBeLessThan(100_000_000);
  });
});
