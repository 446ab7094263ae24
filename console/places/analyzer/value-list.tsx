import type { ReactNode } from 'react';
import type { ShownValue } from '../../../src/contract/feed-analysis.ts';
import { formatCount } from '../../parts/format.ts';
import classes from './analyzer.module.css';

export const MASK_RULE =
  'Masked: letters as A and a, digits as 9. Codes that HL7 or your code tables know, and codes that many messages share, are shown.';

/** A value in the wire face; a masked one says so. */
export function WireValue(props: { value: string; masked: boolean }): ReactNode {
  return props.masked ? (
    <span className={`mono ${classes['masked']}`} title={MASK_RULE}>
      {props.value}
      <span className="visually-hidden"> (masked)</span>
    </span>
  ) : (
    <span className="mono">{props.value}</span>
  );
}

/** Values with how often each came. */
export function ValueList(props: { values: readonly ShownValue[]; most?: number; oneLine?: boolean }): ReactNode {
  const shown = props.values.slice(0, props.most ?? 40);
  const more = props.values.length - shown.length;
  return (
    <span className={classes['values']} style={props.oneLine === true ? { flexWrap: 'nowrap' } : undefined}>
      {shown.map((each, index) => (
        <span key={`${each.value} ${index}`} className="nowrap">
          <WireValue value={each.value} masked={each.masked} />
          {each.label === undefined ? null : <span className="quiet"> {each.label}</span>}
          <span className="quiet"> × {formatCount(each.count)}</span>
        </span>
      ))}
      {more > 0 ? <span className="quiet">and {more} more</span> : null}
    </span>
  );
}
