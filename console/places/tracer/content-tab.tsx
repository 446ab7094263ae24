import { Button, SegmentedControl } from '@mantine/core';
import { useMemo, useState, type ReactNode } from 'react';
import type { MessageDetail, TreeNode } from '../../../src/contract/messages.ts';
import { formatBytes } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { charsetLabel, fromBase64, showBytes } from './bytes.ts';
import { RawView } from './raw-view.tsx';
import { StructureTree } from './structure-tree.tsx';
import classes from './tracer.module.css';
import { firstExpanded, leavesOf, nodeOf, pathAt, pathOfPlace } from './tree.ts';

/** Of a value that is longer than a line can show no more is read out, in bytes. */
const LONG_VALUE = 300;

/** Structure and raw side by side: a selection in one is marked in the other. */
export function ContentTab(props: { message: MessageDetail; place: string | null }): ReactNode {
  const { message } = props;
  const charset = charsetLabel(message.charset);
  const [shown, setShown] = useState<'original' | 'repaired'>('original');
  const bytes = useMemo(
    () =>
      fromBase64(
        shown === 'repaired' && message.repaired_base64 !== null ? message.repaired_base64 : message.raw_base64,
      ),
    [message.raw_base64, message.repaired_base64, shown],
  );
  const first = useMemo(
    () => (props.place === null ? [] : pathOfPlace(message.tree, props.place)),
    [message.tree, props.place],
  );
  const [expanded, setExpanded] = useState(
    () => new Set([...firstExpanded(message.tree), ...first]) as ReadonlySet<string>,
  );
  const [selected, setSelected] = useState<string | undefined>(first.at(-1));
  const leaves = useMemo(() => leavesOf(message.tree), [message.tree]);
  const node = selected === undefined ? undefined : nodeOf(message.tree, selected);
  const original = useMemo(() => fromBase64(message.raw_base64), [message.raw_base64]);
  const textOf = (of: TreeNode): string =>
    of.value ?? showBytes(original.subarray(of.start, Math.min(of.end, of.start + LONG_VALUE)), charset);
  // The tree is of the original; offsets do not hold for the repaired bytes.
  const linked = shown === 'original';

  const select = (ids: readonly string[]): void => {
    const last = ids.at(-1);
    if (last === undefined) return;
    setExpanded(new Set([...expanded, ...ids.slice(0, -1)]));
    setSelected(last);
  };
  const step = (unit: 'field' | 'segment', by: 1 | -1): void => {
    if (unit === 'segment') {
      const now = selected === undefined ? -1 : Number(selected.split('.')[0]);
      const next = Math.max(0, Math.min(message.tree.length - 1, now + by));
      select([String(next)]);
      return;
    }
    const start = node?.start ?? -1;
    const next =
      by === 1 ? leaves.find((leaf) => leaf.node.start > start) : leaves.findLast((leaf) => leaf.node.start < start);
    if (next !== undefined) select(pathAt(message.tree, next.node.start));
  };

  return (
    <>
      {message.tree_problem === null ? null : (
        <Notice
          tone="warn"
          title={message.tree.length === 0 ? 'The message has no structure' : 'Only the beginning of the structure'}
        >
          {message.tree_problem}
        </Notice>
      )}
      <div
        className={classes['content']}
        style={message.tree.length === 0 ? { gridTemplateColumns: '1fr' } : undefined}
      >
        {message.tree.length === 0 ? null : (
          <div className={classes['pane']}>
            <div className={classes['paneHead']}>
              <span>Structure {message.hl7_version === '' ? '' : `(HL7 ${message.hl7_version})`}</span>
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                onClick={() => setExpanded(expanded.size === 0 ? firstExpanded(message.tree) : new Set())}
              >
                {expanded.size === 0 ? 'Open segments' : 'Close all'}
              </Button>
            </div>
            <StructureTree
              nodes={message.tree}
              expanded={expanded}
              onExpand={setExpanded}
              selected={selected}
              onSelect={setSelected}
              textOf={textOf}
            />
          </div>
        )}
        <div className={classes['pane']}>
          <div className={classes['paneHead']}>
            <span>
              Raw ({formatBytes(bytes.length)}, {message.charset === '' ? 'charset not said' : message.charset})
            </span>
            {message.repaired_base64 === null ? null : (
              <SegmentedControl
                size="xs"
                aria-label="Which content"
                value={shown}
                onChange={(value) => setShown(value)}
                data={[
                  { value: 'original', label: 'Original' },
                  { value: 'repaired', label: 'Repaired' },
                ]}
              />
            )}
          </div>
          <RawView
            bytes={bytes}
            charset={charset}
            label="Raw message"
            marked={linked && node !== undefined ? { start: node.start, end: node.end } : undefined}
            {...(linked && message.tree.length > 0
              ? { onPoint: (offset: number) => select(pathAt(message.tree, offset)), onStep: step }
              : {})}
          />
        </div>
      </div>
      {message.tree.length === 0 ? null : (
        <div className={classes['selected']} aria-live="polite">
          {node === undefined ? (
            <span className="quiet">
              Choose a field in the structure or a place in the raw message: it is marked in both.
            </span>
          ) : (
            <>
              <code>{node.path}</code>
              <strong>{node.name}</strong>
              <span className="quiet">
                {node.data_type}
                {node.table === undefined ? '' : `, table ${node.table}`}
              </span>
              <span className="mono">{selected?.includes('.') === true ? textOf(node) : ''}</span>
              <span className="quiet">
                bytes {node.start}–{node.end}
              </span>
            </>
          )}
        </div>
      )}
    </>
  );
}
