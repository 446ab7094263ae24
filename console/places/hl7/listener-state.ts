import type { Listener } from '../../../src/contract/listeners.ts';

const URGENCY = { failed: 0, stopped: 1, paused: 2, listening: 3 } as const;

/** The state of a listener over all its nodes: the worst one, since a sender may meet any of them. */
export function worstStatus(listener: Pick<Listener, 'enabled' | 'statuses'>): {
  readonly state: 'failed' | 'stopped' | 'paused' | 'listening' | 'disabled';
  readonly reason: string;
} {
  if (!listener.enabled) return { state: 'disabled', reason: 'Switched off by a person.' };
  const worst = listener.statuses.toSorted((left, right) => URGENCY[left.status] - URGENCY[right.status])[0];
  if (worst === undefined) return { state: 'stopped', reason: 'No node has started it yet.' };
  return {
    state: worst.status,
    reason: worst.reason === '' ? `On node ${worst.node}.` : `${worst.node}: ${worst.reason}`,
  };
}

/** An invented registration (ADT^A04), to see a message go through within a minute. */
export function sampleMessage(now: Date): readonly string[] {
  const stamp = now.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14);
  return [
    `MSH|^~\\&|NEXTGEN|NEXTGENHOST|PRACTICESTUDIO|PSSERVER|${stamp}||ADT^A04|${stamp}|P|2.3|`,
    `EVN|A04|${stamp}|||`,
    'PID|1||12345^^^NEXTGEN^MRN||DOE^JOHN^||19800515|M||White|123 MAIN ST^^SPRINGFIELD^IL^62701^USA^^^SANGAMON|SANGAMON|(555)555-1234|(555)555-5678|ENG|M|CHR|100000^^^NEXTGEN^FIN NBR|123-45-6789|||',
    'NK1|1|DOE^JANE^|SPO||(555)555-4321||EC',
    'PV1|1|O|CLINIC^^^FACILITY|||||12345^JOHNSON^JANE^^^^^NEXTGEN^^^^PROVID',
    'IN1|1|BC123^BLUE CROSS|BLUEINS|BLUE CROSS|123 INSURANCE WAY^^SPRINGFIELD^IL^62701^USA|||(555)555-9876|100|FAMILY PLAN||||JOHN DOE|SELF|19800515',
  ];
}

/**
 * A shell command that sends the sample to a listener with nothing but bash, and openssl where it speaks TLS, and prints
 * the acknowledgment.
 */
export function sampleCommand(host: string, port: number, now: Date, tls = false): string {
  const to = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const lines = sampleMessage(now).map((line) => `'${line.replaceAll("'", String.raw`'\''`)}'`);
  const message =
    String.raw`{ printf '\013'; printf '%s\r' ` + lines.join(' \\\n    ') + String.raw`; printf '\034\r'; `;
  if (tls) {
    return `${message}sleep 3; } |\n  openssl s_client -quiet -connect ${to}:${port} 2>/dev/null | tr '\\r\\013\\034' '\\n  '`;
  }
  return [
    `exec 3<>/dev/tcp/${to}/${port}`,
    `${message}} >&3`,
    String.raw`IFS= read -r -t 10 -d $'\034' ack <&3; printf '%s\n' "$ack" | tr '\r\013' '\n '; exec 3>&-`,
  ].join('\n');
}
