import type { Queryable } from '../queryable.ts';
import { int8Text, type Int8 } from './values.ts';

export interface SystemPlace {
  readonly id: string;
  readonly name: string;
  readonly environmentId: string;
  readonly environmentKey: string;
  readonly product: string;
  readonly country: string;
  /** Of the system's own, in the practice's messages. */
  readonly positions: Readonly<Record<string, string>>;
  readonly enabled: boolean;
}

export interface ListenerPlace {
  readonly id: string;
  readonly name: string;
  readonly systemId: string;
  readonly ackWhen: 'commit' | 'processed';
}

/** Systems and listeners by id: a handful of rows, read whole. */
export interface Places {
  readonly systems: ReadonlyMap<string, SystemPlace>;
  readonly listeners: ReadonlyMap<string, ListenerPlace>;
}

const SYSTEMS = `select s.id, s.name, s.environment_id, e.key as environment_key, s.product, s.country, s.enabled,
    s.settings -> 'positions' as positions
  from systems s join environments e on e.id = s.environment_id order by e.id, s.name, s.id`;
const LISTENERS = `select id, name, system_id, ack_when from listeners order by id`;

export async function readPlaces(db: Queryable): Promise<Places> {
  const systems = await db.query<{
    id: Int8;
    name: string;
    environment_id: Int8;
    environment_key: string;
    product: string;
    country: string;
    positions: Readonly<Record<string, string>> | null;
    enabled: boolean;
  }>(SYSTEMS);
  const listeners = await db.query<{ id: Int8; name: string; system_id: Int8; ack_when: 'commit' | 'processed' }>(
    LISTENERS,
  );
  return {
    systems: new Map(
      systems.rows.map((row) => [
        int8Text(row.id),
        {
          id: int8Text(row.id),
          name: row.name,
          environmentId: int8Text(row.environment_id),
          environmentKey: row.environment_key,
          product: row.product,
          country: row.country,
          positions: row.positions ?? {},
          enabled: row.enabled,
        },
      ]),
    ),
    listeners: new Map(
      listeners.rows.map((row) => [
        int8Text(row.id),
        { id: int8Text(row.id), name: row.name, systemId: int8Text(row.system_id), ackWhen: row.ack_when },
      ]),
    ),
  };
}
