import { describe, expect, it } from 'vitest';
import { parseMessage } from './message.ts';
import { type MessageTree, type TreeNode, describeMessage } from './tree.ts';

const TEXT = [
  String.raw`MSH|^~\&|NG|B|C|D|20260101||ADT^A04|1|P|2.5.1||||||UNICODE UTF-8`,
  'PID|1||7^^^NG&1.2&ISO^MR~8||MÜLLER^Jörg|""|19700101|M',
  String.raw`OBX|1|CE|8480-6^BP^LN||A^B\T\C`,
  'OBX|2|NM|x||140',
  'ZPM|a^b',
  '',
].join('\r');

const bytes = Buffer.from(TEXT);

function all(nodes: readonly TreeNode[]): TreeNode[] {
  return nodes.flatMap((node) => [node, ...all(node.children ?? [])]);
}

function find(tree: MessageTree, path: string): TreeNode | undefined {
  return all(tree.segments).find((node) => node.path === path);
}

describe('describeMessage', () => {
  const tree = describeMessage(parseMessage(bytes));

  it('names segments, fields, components and subcomponents', () => {
    expect(find(tree, 'PID')).toMatchObject({ kind: 'segment', name: 'Patient Identification', number: 2 });
    expect(find(tree, 'PID-8')).toMatchObject({
      kind: 'field',
      name: 'Administrative Sex',
      type: 'IS',
      table: '0001',
      value: 'M',
    });
    expect(find(tree, 'PID-5.2')).toMatchObject({ kind: 'component', name: 'Given Name', value: 'Jörg' });
    expect(find(tree, 'PID-3.4.2')).toMatchObject({
      kind: 'subcomponent',
      name: 'Universal ID',
      type: 'ST',
      value: '1.2',
    });
    expect(find(tree, 'MSH-1')?.value).toBe('|');
    expect(find(tree, 'MSH-2')?.value).toBe(String.raw`^~\&`);
  });

  it('gives repetitions a level of their own', () => {
    expect(find(tree, 'PID-3')?.children?.map((node) => node.kind)).toEqual(['repetition', 'repetition']);
    expect(find(tree, 'PID-3[2]')).toMatchObject({ number: 2, value: '8' });
  });

  it('tells null from what is left out', () => {
    expect(find(tree, 'PID-6')?.value).toBeNull();
    expect(find(tree, 'PID-2')).toBeUndefined();
  });

  it('takes the type of OBX-5 from OBX-2, and leaves unnamed what HL7 does not define', () => {
    expect(find(tree, 'OBX-5.2')).toMatchObject({ name: 'Text', value: 'B&C' });
    expect(find(tree, 'OBX[2]-5')).toMatchObject({ type: 'NM', value: '140' });
    expect(find(tree, 'ZPM-1.2')).toEqual(expect.not.objectContaining({ name: expect.anything() }));
    expect(find(tree, 'ZPM-1.2')?.value).toBe('b');
  });

  it('marks each part in the bytes and in the text', () => {
    expect(tree.text).toBe(TEXT);
    for (const node of all(tree.segments)) {
      expect(bytes.toString('utf8', node.start, node.end), node.path).toBe(
        tree.text.slice(node.textStart, node.textEnd),
      );
    }
    const name = find(tree, 'PID-7');
    expect(tree.text.slice(name?.textStart, name?.textEnd)).toBe('19700101');
  });

  it('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree);
  });

  it('stops at its limits and says so', () => {
    const huge = Buffer.from(`${TEXT}${'OBX|1|TX|a^b^c^d\r'.repeat(5000)}OBX|1|TX|||${'x'.repeat(100_000)}\r`);
    const few = describeMessage(parseMessage(huge), { maxNodes: 500, maxTextLength: 1000 });
    expect(few.truncated).toBe(true);
    expect(few.textCut).toBe(true);
    expect(few.text).toHaveLength(1000);
    expect(all(few.segments).length).toBeLessThan(520);
    const long = describeMessage(parseMessage(Buffer.from(`${TEXT}NTE|1||${'x'.repeat(10_000)}`)), {
      maxValueLength: 10,
    });
    expect(find(long, 'NTE-3')).toMatchObject({ value: 'xxxxxxxxxx', cut: true });
  });
});
