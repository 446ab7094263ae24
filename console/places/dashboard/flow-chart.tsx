import '@mantine/charts/styles.css';
import { CompositeChart } from '@mantine/charts';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Dashboard } from '../../../src/contract/dashboard.ts';
import { formatCount, formatInstant } from '../../parts/format.ts';
import { bucketSpan } from './buckets.ts';

/**
 * Received, delivered and failed over time, told apart by their form as well (area, line, bars); a place in the chart
 * leads to the messages that it counts.
 */
export function FlowChart(props: { data: Dashboard; days: boolean; mayOpen: boolean }): ReactNode {
  const navigate = useNavigate();
  const { series, at } = props.data;
  const points = series.map((bucket) => ({
    ...bucket,
    label: props.days ? formatInstant(bucket.at).slice(5, 16) : formatInstant(bucket.at).slice(11, 16),
  }));
  return (
    <CompositeChart
      h={220}
      data={points}
      dataKey="label"
      series={[
        { name: 'received', label: 'Received', color: 'var(--ps-chart-received)', type: 'area' },
        { name: 'delivered', label: 'Delivered', color: 'var(--ps-chart-delivered)', type: 'line' },
        { name: 'failed', label: 'Failed', color: 'var(--ps-chart-failed)', type: 'bar' },
      ]}
      withLegend
      legendProps={{ position: 'top', height: 34 }}
      withDots={false}
      curveType="linear"
      strokeWidth={1.8}
      maxBarWidth={10}
      gridAxis="x"
      tickLine="none"
      strokeDasharray="0"
      valueFormatter={formatCount}
      areaProps={{ isAnimationActive: false, fillOpacity: 0.22 }}
      lineProps={{ isAnimationActive: false }}
      barProps={{ isAnimationActive: false }}
      yAxisProps={{ allowDecimals: false, width: 56, domain: [0, 'auto'] }}
      yAxisLabel="Messages"
      xAxisProps={{ minTickGap: 40 }}
      composedChartProps={{
        accessibilityLayer: false,
        ...(props.mayOpen
          ? {
              onClick: (state) => {
                const index = Number(state.activeIndex);
                if (!Number.isInteger(index)) return;
                void navigate({
                  to: '/settings/integrations/diagnostics/tracer',
                  search: { range: 'custom', ...bucketSpan(series, index, at) },
                });
              },
              style: { cursor: 'pointer' },
            }
          : {}),
      }}
    />
  );
}
