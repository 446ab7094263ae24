import { Tabs } from '@mantine/core';
import type { ReactNode } from 'react';

export interface TabView<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly count?: number | undefined;
  /** Drawn only while it is chosen. */
  readonly content: ReactNode;
}

/** Tabs whose choice the caller keeps in the URL. */
export function TabsPanel<V extends string>(props: {
  label: string;
  value: V;
  onChange: (value: V) => void;
  tabs: readonly TabView<V>[];
  full?: boolean;
}): ReactNode {
  const full = props.full === true ? { flex: 1, minHeight: 0, display: 'flex', flexDirection: 'column' as const } : {};
  return (
    <Tabs value={props.value} onChange={(value) => value !== null && props.onChange(value as V)} style={full}>
      <Tabs.List aria-label={props.label}>
        {props.tabs.map((tab) => (
          <Tabs.Tab key={tab.value} value={tab.value}>
            {tab.label}
            {tab.count === undefined ? null : <span className="quiet"> {tab.count}</span>}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {props.tabs.map((tab) => (
        <Tabs.Panel key={tab.value} value={tab.value} pt="sm" style={props.value === tab.value ? full : {}}>
          {props.value === tab.value ? tab.content : null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
