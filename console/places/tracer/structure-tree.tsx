import { IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useId, useRef, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { TreeNode } from '../../../src/contract/messages.ts';
import classes from './tracer.module.css';
import { treeLines } from './tree.ts';

const LINE_PX = 25;

/** The message as a tree: segments, fields, components with names, types and values. Only the lines in sight are drawn. */
export function StructureTree(props: {
  nodes: readonly TreeNode[];
  expanded: ReadonlySet<string>;
  onExpand: (expanded: ReadonlySet<string>) => void;
  selected: string | undefined;
  onSelect: (id: string) => void;
  /** What a node holds, as text. */
  textOf: (node: TreeNode) => string;
}): ReactNode {
  const { expanded, selected } = props;
  const treeId = useId();
  const box = useRef<HTMLDivElement>(null);
  const lines = treeLines(props.nodes, expanded);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => box.current,
    estimateSize: () => LINE_PX,
    overscan: 20,
  });
  const at = lines.findIndex((line) => line.id === selected);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: 'auto' });
  }, [at, virtual]);

  const setOpen = (id: string, open: boolean): void => {
    const next = new Set(expanded);
    if (open) next.add(id);
    else next.delete(id);
    props.onExpand(next);
  };
  const go = (index: number): void => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))];
    if (line !== undefined) props.onSelect(line.id);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const line = lines[at];
    const parent = line?.id.includes('.') === true ? line.id.slice(0, line.id.lastIndexOf('.')) : undefined;
    const moves: Record<string, () => void> = {
      ArrowDown: () => go(at + 1),
      j: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      k: () => go(at - 1),
      Home: () => go(0),
      End: () => go(lines.length - 1),
      PageDown: () => go(at + 12),
      PageUp: () => go(at - 12),
      ArrowRight: () => {
        if (line === undefined || !line.expandable) return;
        if (line.expanded) go(at + 1);
        else setOpen(line.id, true);
      },
      ArrowLeft: () => {
        if (line?.expanded === true) setOpen(line.id, false);
        else if (parent !== undefined) props.onSelect(parent);
      },
      Enter: () => line?.expandable === true && setOpen(line.id, !line.expanded),
      ' ': () => line?.expandable === true && setOpen(line.id, !line.expanded),
    };
    const move = moves[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  };

  const onClick = (event: MouseEvent): void => {
    const target = event.target as Element;
    const line = lines[Number(target.closest<HTMLElement>('[data-node]')?.dataset['node'])];
    if (line === undefined) return;
    const turns = line.expandable && (target.closest('[data-chevron]') !== null || event.detail === 2);
    if (turns) setOpen(line.id, !line.expanded);
    if (!turns || event.detail === 2) props.onSelect(line.id);
  };

  const items = virtual.getVirtualItems();
  return (
    <div
      ref={box}
      className={classes['tree']}
      role="tree"
      tabIndex={0}
      aria-label="Structure of the message"
      aria-activedescendant={items.some((item) => item.index === at) ? `${treeId}-${at}` : undefined}
      onKeyDown={onKeyDown}
      onClick={onClick}
    >
      <div style={{ height: virtual.getTotalSize(), position: 'relative' }} role="none">
        {items.map((item) => {
          const line = lines[item.index];
          if (line === undefined) return null;
          const { node } = line;
          return (
            <div
              key={line.id}
              id={`${treeId}-${item.index}`}
              role="treeitem"
              aria-level={line.level}
              aria-selected={line.id === selected}
              {...(line.expandable ? { 'aria-expanded': line.expanded } : {})}
              className={classes['treeLine']}
              style={{ transform: `translateY(${item.start}px)`, paddingLeft: 4 + (line.level - 1) * 14 }}
              title={[node.path, node.name, node.data_type, node.table === undefined ? '' : `table ${node.table}`]
                .filter((part) => part !== '')
                .join(' · ')}
              data-node={item.index}
            >
              <span className={classes['chevron']} data-open={line.expanded} data-chevron>
                {line.expandable ? <IconChevronRight size={13} aria-hidden /> : null}
              </span>
              <span className={`${classes['treePath']} ${line.level === 1 ? classes['treeSegment'] : ''}`}>
                {node.path}
              </span>
              <span className={`${classes['treeName']} ${line.level === 1 ? classes['treeSegment'] : ''}`}>
                {node.name}
              </span>
              <span className={classes['treeType']}>
                {line.level === 1 ? '' : node.data_type}
                {node.table === undefined ? '' : ` ${node.table}`}
              </span>
              {/* Open, its parts tell the value; closed, the line does. */}
              <span className={classes['treeValue']}>
                {line.level === 1 || line.expanded ? '' : props.textOf(node)}
              </span>
            </div>
          );
        })}
      </div>
    </div>
  );
}
