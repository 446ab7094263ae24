import { Hl7Message as OracleMessage } from '@medplum/core';
import { describe, expect, it } from 'vitest';
import { buildAck } from '../../src/formats/hl7v2/ack.ts';
import { edit } from '../../src/formats/hl7v2/edit.ts';
import { peekEnvelope } from '../../src/formats/hl7v2/envelope.ts';
import { type Hl7Message, parseMessage } from '../../src/formats/hl7v2/message.ts';
import { parseAck } from '../../src/formats/hl7v2/parse-ack.ts';
import { compilePath } from '../../src/formats/hl7v2/path.ts';
import { read, readFieldRaw } from '../../src/formats/hl7v2/read.ts';
import type { MessagePart } from '../../src/formats/hl7v2/message-splitter.ts';
import { splitMessages } from '../../src/formats/hl7v2/split-messages.ts';
import { type TreeNode, describeMessage } from '../../src/formats/hl7v2/tree.ts';
import { validateMessage } from '../../src/formats/hl7v2/validate.ts';
import { type SampleFile, hl7Samples, sampleBytes } from './hl7v2-samples.ts';

const samples = hl7Samples();

function messagesOf(sample: SampleFile): MessagePart[] {
  return [...splitMessages(sampleBytes(sample))].filter((part) => part.kind === 'message');
}

function each(run: (message: Hl7Message, part: MessagePart, sample: SampleFile) => void): number {
  let count = 0;
  for (const sample of samples ?? []) {
    for (const part of messagesOf(sample)) {
      run(parseMessage(part.bytes), part, sample);
      count += 1;
    }
  }
  return count;
}

function sorted(values: Iterable<string>): string[] {
  return [...new Set(values)].sort();
}

function leaves(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap((node) => (node.children === undefined ? [node] : leaves(node.children)));
}

if (samples === undefined) {
  describe('HL7 v2 samples', () => {
    it('not run: samples are not beside this clone', () => {
      expect(process.env['CI']).toBeFalsy();
    });
  });
} else {
  describe('HL7 v2 samples', () => {
    it('are all there', () => {
      expect(each(() => undefined)).toBe(396);
    });

    it('are written back byte for byte, file and message', () => {
      for (const sample of samples) {
        const bytes = sampleBytes(sample);
        const parts = [...splitMessages(bytes)];
        // Only a byte order mark may stand before the first part.
        const lead = bytes.subarray(0, parts[0]?.offset);
        expect(['', '\ufeff']).toContain(lead.toString());
        expect(Buffer.concat([lead, ...parts.map((part) => part.bytes)]).equals(bytes), sample.file).toBe(true);
      }
      each((message, part, sample) => {
        expect(message.toBytes().equals(part.bytes), `${sample.file}:${part.line}`).toBe(true);
      });
    });

    it.each(samples)('$file is what its manifest says', (sample) => {
      const messages = messagesOf(sample);
      const envelopes = messages.map((part) => peekEnvelope(part.bytes));
      expect(messages).toHaveLength(sample.messages);
      expect(sorted(envelopes.map((e) => [e.messageCode, e.triggerEvent].filter(Boolean).join('^')))).toEqual(
        sorted(sample.types),
      );
      expect(sorted(envelopes.map((e) => e.version ?? ''))).toEqual(sorted(sample.versions));
      expect(sorted(envelopes.flatMap((e) => e.charset ?? []))).toEqual(sorted(sample.charset));
      expect(
        sorted(envelopes.map(({ delimiters: d }) => d.field + d.component + d.repetition + d.escape + d.subcomponent)),
      ).toEqual(sorted(sample.delimiters));
      const names = messages.flatMap((part) => {
        const message = parseMessage(part.bytes);
        return Array.from({ length: message.segmentCount }, (_, i) => message.segmentName(i));
      });
      expect(sorted(names.filter((name) => /^Z..$/.test(name)))).toEqual(sorted(sample.z_segments));
    });

    it('have a header that reads alike at a glance and in full', () => {
      const paths = { controlId: 'MSH-10', messageCode: 'MSH-9', triggerEvent: 'MSH-9.2', version: 'MSH-12' } as const;
      each((message, part, sample) => {
        const envelope = peekEnvelope(part.bytes);
        for (const [key, path] of Object.entries(paths)) {
          const full = read(message, compilePath(path))?.trim();
          expect(envelope[key as keyof typeof paths], `${sample.file} ${path}`).toBe(full === '' ? undefined : full);
        }
      });
    });

    it('have the fields that another parser finds', () => {
      let fields = 0;
      const differences: string[] = [];
      each((message, part, sample) => {
        // It takes every line end for the end of a segment, blank lines for segments, and trims nothing before them.
        const oracle = OracleMessage.parse(part.bytes.toString('utf8').trimStart());
        const segments = oracle.segments.filter((segment) => segment.toString().trim() !== '');
        if (segments.length !== message.segmentCount) return;
        for (const [index, segment] of segments.entries()) {
          const isHeader = segment.name === 'MSH';
          for (let field = isHeader ? 3 : 1; field < segment.fields.length + (isHeader ? 1 : 0); field++) {
            const found = readFieldRaw(message, index, field) ?? '';
            if (found !== segment.getField(field).toString())
              differences.push(`${sample.file} ${segment.name}-${field}`);
            fields += 1;
          }
        }
      });
      expect(differences).toEqual([]);
      expect(fields).toBeGreaterThan(50_000);
    });

    it('are described without a gap: each leaf reads back by its path and marks its own text', () => {
      const differences: string[] = [];
      each((message, _, sample) => {
        const tree = describeMessage(message);
        expect(tree.truncated).toBe(false);
        for (const leaf of leaves(tree.segments)) {
          // Lines that are no segments have no path that could be compiled.
          if (!/^[A-Z][A-Z0-9]{2}[[-]/.test(leaf.path)) continue;
          const isRead = leaf.cut === true || read(message, compilePath(leaf.path)) === leaf.value;
          const isMarked =
            message.charset.name !== 'utf-8' ||
            tree.text.slice(leaf.textStart, leaf.textEnd) === message.bytes.toString('utf8', leaf.start, leaf.end);
          if (!isRead || !isMarked) differences.push(`${sample.file} ${leaf.path}`);
        }
      });
      expect(differences).toEqual([]);
    });

    it('can be edited in one place only', () => {
      const path = compilePath('MSH-10');
      each((message) => {
        const edited = edit(message, path, 'CHANGED|ID');
        expect(read(edited, path)).toBe('CHANGED|ID');
        const before = read(message, path);
        if (before != null) expect(edit(edited, path, before).toBytes().equals(message.toBytes())).toBe(true);
      });
    });

    it('are acknowledged in a way that reads back', () => {
      each((message, part) => {
        const request = peekEnvelope(part.bytes);
        const errors = validateMessage(message);
        const ack = buildAck({ request, code: 'AE', errors, now: new Date(0), controlId: '1' });
        const parsed = parseAck(ack);
        expect(parsed.code).toBe('AE');
        expect(parsed.controlId).toBe(request.controlId);
        expect(parsed.errors.map((error) => error.conditionCode)).toEqual(errors.map((error) => error.conditionCode));
        expect(peekEnvelope(ack).receivingApplication).toBe(request.sendingApplication);
      });
    });
  });
}
