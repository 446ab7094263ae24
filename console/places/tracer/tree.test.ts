import { describe, expect, it } from 'vitest';
import type { TreeNode } from '../../../src/contract/messages.ts';
import { runsOf } from './runs.ts';
import { firstExpanded, leavesOf, nodeOf, pathAt, pathOfPlace, treeLines } from './tree.ts';

const node = (path: string, start: number, end: number, children?: TreeNode[]): TreeNode => ({
  path,
  name: path,
  data_type: 'ST',
  start,
  end,
  ...(children === undefined ? {} : { children }),
});
// PID|1||A^B~C^D|x
const tree = [
  node('PID', 0, 16, [
    node('PID-1', 4, 5),
    node('PID-3', 7, 10, [node('PID-3.1', 7, 8), node('PID-3.2', 9, 10)]),
    node('PID-3[2]', 11, 14, [node('PID-3[2].1', 11, 12), node('PID-3[2].2', 13, 14)]),
    node('PID-4', 15, 16),
  ]),
];

describe('the structure of a message', () => {
  it('shows the lines whose parents are open', () => {
    expect(treeLines(tree, new Set()).map((line) => line.node.path)).toEqual(['PID']);
    expect(treeLines(tree, new Set(['0'])).map((line) => line.node.path)).toEqual([
      'PID',
      'PID-1',
      'PID-3',
      'PID-3[2]',
      'PID-4',
    ]);
    expect(treeLines(tree, new Set(['0', '0.2'])).at(4)).toMatchObject({ id: '0.2.0', level: 3, expandable: false });
    // A child that is open inside a closed parent is out of sight.
    expect(treeLines(tree, new Set(['0.2']))).toHaveLength(1);
  });
  it('finds the smallest part that covers a byte of the raw message', () => {
    expect(pathAt(tree, 13)).toEqual(['0', '0.2', '0.2.1']);
    expect(pathAt(tree, 8)).toEqual(['0', '0.1']);
    expect(pathAt(tree, 3)).toEqual(['0']);
    expect(pathAt(tree, 99)).toEqual([]);
  });
  it('finds the place that an error names, or the nearest part around it', () => {
    expect(pathOfPlace(tree, 'PID-3.2')).toEqual(['0', '0.1', '0.1.1']);
    expect(pathOfPlace(tree, 'PID-3[1].2')).toEqual(['0', '0.1', '0.1.1']);
    expect(pathOfPlace(tree, 'PID-3[2].1')).toEqual(['0', '0.2', '0.2.0']);
    expect(pathOfPlace(tree, 'PID-3.9')).toEqual(['0', '0.1']);
    expect(pathOfPlace(tree, 'PID-30')).toEqual(['0']);
    expect(pathOfPlace(tree, 'segment 3')).toEqual([]);
  });
  it('gives a part by its id, and the leaves in the order of the wire', () => {
    expect(nodeOf(tree, '0.2.1')?.path).toBe('PID-3[2].2');
    expect(nodeOf(tree, '0.9')).toBeUndefined();
    expect(leavesOf(tree).map((leaf) => leaf.node.start)).toEqual([4, 7, 9, 11, 13, 15]);
  });
  it('opens the segments at first, unless there are too many to read', () => {
    expect(firstExpanded(tree)).toEqual(new Set(['0']));
    expect(firstExpanded(Array.from({ length: 41 }, () => node('OBX', 0, 1)))).toEqual(new Set());
  });
});

describe('what is marked in a line of the raw message', () => {
  it('is cut out of it, and of each line that it crosses', () => {
    expect(runsOf(0, 16, { start: 7, end: 10 })).toEqual([
      { start: 0, end: 7, marked: false },
      { start: 7, end: 10, marked: true },
      { start: 10, end: 16, marked: false },
    ]);
    expect(runsOf(0, 16, { start: 0, end: 40 })).toEqual([{ start: 0, end: 16, marked: true }]);
    expect(runsOf(17, 20, { start: 7, end: 10 })).toEqual([{ start: 17, end: 20, marked: false }]);
    expect(runsOf(0, 16, { start: 5, end: 5 })).toEqual([{ start: 0, end: 16, marked: false }]);
  });
});
