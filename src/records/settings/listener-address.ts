import type { CheckContext, SettingsProblem } from './check-settings.ts';
import type { ListenerSetting, SettingsState } from './settings.ts';

/**
 * Finds listeners that could not both be bound: the same port on the same or an overlapping address (0.0.0.0 and ::
 * are every address of the machine), on nodes that may be the same one.
 */
export function checkListenerAddresses(state: SettingsState, reserved: CheckContext['reserved']): SettingsProblem[] {
  const problems: SettingsProblem[] = [];
  const add = (listener: ListenerSetting, reason: string): void => {
    problems.push({ code: 'port_taken', kind: 'listener', id: listener.id, field: 'port', reason });
  };
  for (const [index, listener] of state.listeners.entries()) {
    const own = reserved.find(({ host, port }) => port === listener.port && overlap(host, listener.host));
    if (own !== undefined) add(listener, `Port ${listener.port} belongs to ${own.what}.`);
    const other = state.listeners
      .slice(0, index)
      .find(
        (earlier) =>
          earlier.port === listener.port &&
          overlap(earlier.host, listener.host) &&
          mayMeet(earlier.node, listener.node),
      );
    if (other !== undefined) {
      const system = state.systems.find(({ id }) => id === other.systemId);
      const of = system === undefined ? '' : ` of the system “${system.name}”`;
      add(listener, `Port ${listener.port} belongs to the listener “${other.name}”${of} on ${other.host}.`);
    }
  }
  return problems;
}

function overlap(one: string, other: string): boolean {
  const a = plain(one);
  const b = plain(other);
  return a === b || a === '*' || b === '*';
}

function plain(host: string): string {
  const lower = host.toLowerCase();
  if (lower === '0.0.0.0' || lower === '::') return '*';
  // Both names of the loopback address share its ports on a usual machine.
  return lower === 'localhost' || lower === '::1' ? '127.0.0.1' : lower;
}

function mayMeet(one: string, other: string): boolean {
  return one === '' || other === '' || one === other;
}
