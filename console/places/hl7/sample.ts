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

/** Where a listener of this computer is reached: one that takes every address, on the loopback one. */
function reachable(host: string): string {
  return host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
}

/**
 * A shell command that sends the sample to a listener with nothing but bash, and openssl where it speaks TLS, and prints
 * the acknowledgment.
 */
export function bashCommand(host: string, port: number, now: Date, tls = false): string {
  const lines = sampleMessage(now).map((line) => `'${line.replaceAll("'", String.raw`'\''`)}'`);
  const message =
    String.raw`{ printf '\013'; printf '%s\r' ` + lines.join(' \\\n    ') + String.raw`; printf '\034\r'; `;
  if (tls) {
    const peer = `openssl s_client -quiet -connect ${reachable(host)}:${port} 2>/dev/null`;
    return `${message}sleep 3; } |\n  ${peer} | tr '\\r\\013\\034' '\\n  '`;
  }
  return [
    `exec 3<>/dev/tcp/${reachable(host)}/${port}`,
    `${message}} >&3`,
    String.raw`IFS= read -r -t 10 -d $'\034' ack <&3; printf '%s\n' "$ack" | tr '\r\013' '\n '; exec 3>&-`,
  ].join('\n');
}

/** The same as a program for Node.js, to be saved as a file: for computers without bash. */
export function nodeProgram(host: string, port: number, now: Date, tls = false): string {
  const peer = tls
    ? `connect({ host: ${JSON.stringify(reachable(host))}, port: ${port}, rejectUnauthorized: false }, () =>`
    : `connect(${port}, ${JSON.stringify(reachable(host))}, () =>`;
  return [
    `import { connect } from 'node:${tls ? 'tls' : 'net'}';`,
    'const message = [',
    ...sampleMessage(now).map((line) => `  ${JSON.stringify(line)},`),
    "].join('\\r');",
    `const socket = ${peer}`,
    "  socket.write('\\x0b' + message + '\\r\\x1c\\r'),",
    ');',
    "socket.on('data', (answer) => {",
    "  console.log(String(answer).replaceAll('\\r', '\\n'));",
    '  socket.end();',
    '});',
  ].join('\n');
}
