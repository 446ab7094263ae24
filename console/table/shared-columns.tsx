import type { ReactNode } from 'react';
import { EnvironmentName } from '../frame/environment.tsx';
import { Ago } from '../parts/time.tsx';
import type { Column } from './column.ts';

/** What a line is about: its name, in bold. */
export function nameColumn<T extends { readonly name: string }>(title: string, width: number): Column<T> {
  return {
    key: 'name',
    title,
    width,
    grow: 2,
    cell: (row): ReactNode => <strong>{row.name}</strong>,
    sort: (row) => row.name,
  };
}

/** The product of a system. */
export function productColumn<T extends { readonly product_label: string }>(): Column<T> {
  return {
    key: 'product',
    title: 'Product',
    width: 155,
    grow: 1,
    cell: (row) => row.product_label,
    sort: (row) => row.product_label,
  };
}

/** The environment by its name. */
export function environmentColumn<
  T extends { readonly environment_id: string; readonly environment_key: string },
>(): Column<T> {
  return {
    key: 'environment',
    title: 'Environment',
    width: 115,
    cell: (row): ReactNode => <EnvironmentName id={row.environment_id} otherwise={row.environment_key} />,
    sort: (row) => row.environment_key,
  };
}

/** When the last message came. */
export function lastMessageColumn<T extends { readonly last_message_at: string | null }>(
  toTheMinute: boolean,
): Column<T> {
  return {
    key: 'last',
    title: 'Last message',
    width: 108,
    cell: (row): ReactNode => <Ago at={row.last_message_at} toTheMinute={toTheMinute} />,
    sort: (row) => row.last_message_at,
  };
}
