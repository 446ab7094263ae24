import type { ReactNode } from 'react';
import { formatValue } from './format.ts';
import { leavesOfValue } from './leaves.ts';

/** A value of a record: text, or for groups of values one line for each that is filled. */
export function ValueView(props: { value: unknown }): ReactNode {
  const leaves = leavesOfValue(props.value);
  if (leaves.length === 0) return <span className="quiet">–</span>;
  if (leaves.length === 1 && leaves[0]?.label === '') return formatValue(leaves[0].value);
  return leaves.map((leaf) => (
    <div key={leaf.path}>
      <span className="quiet">{leaf.label}</span> {formatValue(leaf.value)}
    </div>
  ));
}
