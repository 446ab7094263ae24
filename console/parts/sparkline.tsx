import type { ReactNode } from 'react';

/** Points of a line from values, zero-based, within a box. */
function sparkPoints(values: readonly number[], width: number, height: number): string {
  const most = Math.max(1, ...values);
  const stepPx = values.length > 1 ? width / (values.length - 1) : 0;
  return values
    .map((value, index) => `${(index * stepPx).toFixed(1)},${(height - (value / most) * (height - 2) - 1).toFixed(1)}`)
    .join(' ');
}

/** The shape of the last hour, drawn small; the numbers are in the label. */
export function Sparkline(props: { values: readonly number[]; label: string }): ReactNode {
  const width = 96;
  const height = 20;
  const total = props.values.reduce((sum, value) => sum + value, 0);
  return (
    <svg
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={`${props.label}: ${total.toLocaleString('en-US')} in the last hour`}
      style={{ verticalAlign: 'middle' }}
    >
      <polyline
        points={sparkPoints(props.values, width, height)}
        fill="none"
        stroke={total === 0 ? 'var(--ps-line-strong)' : 'var(--ps-chart-delivered)'}
        strokeWidth="1.4"
        strokeLinejoin="round"
      />
    </svg>
  );
}
