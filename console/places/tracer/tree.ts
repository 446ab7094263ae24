import type { TreeNode } from '../../../src/contract/messages.ts';

/** A line of the tree as it is drawn. */
export interface TreeLine {
  readonly node: TreeNode;
  /** Position among its siblings makes it unique even where a path repeats. */
  readonly id: string;
  readonly level: number;
  readonly expandable: boolean;
  readonly expanded: boolean;
}

const idOf = (parent: string, index: number): string => (parent === '' ? String(index) : `${parent}.${index}`);

/** The lines in sight: every node whose ancestors are all expanded. */
export function treeLines(nodes: readonly TreeNode[], expanded: ReadonlySet<string>): readonly TreeLine[] {
  const lines: TreeLine[] = [];
  const walk = (level: number, siblings: readonly TreeNode[], parent: string): void => {
    siblings.forEach((node, index) => {
      const id = idOf(parent, index);
      const children = node.children ?? [];
      const open = children.length > 0 && expanded.has(id);
      lines.push({ node, id, level, expandable: children.length > 0, expanded: open });
      if (open) walk(level + 1, children, id);
    });
  };
  walk(1, nodes, '');
  return lines;
}

/** The ids from the root to the smallest node that covers a byte; empty when none does. */
export function pathAt(nodes: readonly TreeNode[], offset: number): readonly string[] {
  const ids: string[] = [];
  let siblings = nodes;
  let parent = '';
  for (;;) {
    const index = siblings.findIndex((node) => offset >= node.start && offset < node.end);
    const node = siblings[index];
    if (node === undefined) return ids;
    parent = idOf(parent, index);
    ids.push(parent);
    siblings = node.children ?? [];
  }
}

/** The ids from the root to the node with this place (`PID-5.1`, `PID-5`); the nearest enclosing one when it is absent. */
export function pathOfPlace(nodes: readonly TreeNode[], place: string): readonly string[] {
  let best: readonly string[] = [];
  let bestLength = 0;
  const wanted = place.replaceAll(/\[1\]|\(1\)/g, '');
  const walk = (siblings: readonly TreeNode[], above: readonly string[]): void => {
    siblings.forEach((node, index) => {
      const ids = [...above, idOf(above.at(-1) ?? '', index)];
      const path = node.path.replaceAll(/\[1\]|\(1\)/g, '');
      const fits = wanted === path || (wanted.startsWith(path) && /^[-.[(]/.test(wanted.slice(path.length)));
      if (fits && path.length > bestLength) {
        best = ids;
        bestLength = path.length;
      }
      walk(node.children ?? [], ids);
    });
  };
  walk(nodes, []);
  return best;
}

export function nodeOf(nodes: readonly TreeNode[], id: string): TreeNode | undefined {
  let siblings = nodes;
  let node: TreeNode | undefined;
  for (const part of id.split('.')) {
    node = siblings[Number(part)];
    siblings = node?.children ?? [];
  }
  return node;
}

/** Every segment open at first, unless the message is so long that nobody would read it at once. */
export function firstExpanded(nodes: readonly TreeNode[]): ReadonlySet<string> {
  return new Set(nodes.length <= 40 ? nodes.map((_, index) => String(index)) : []);
}

/** Leaves with a value in the order of the wire, for stepping from field to field. */
export function leavesOf(nodes: readonly TreeNode[]): readonly { readonly id: string; readonly node: TreeNode }[] {
  const leaves: { id: string; node: TreeNode }[] = [];
  const walk = (siblings: readonly TreeNode[], parent: string): void => {
    siblings.forEach((node, index) => {
      const id = idOf(parent, index);
      if (node.children !== undefined && node.children.length > 0) walk(node.children, id);
      else if (node.end > node.start) leaves.push({ id, node });
    });
  };
  walk(nodes, '');
  return leaves;
}
