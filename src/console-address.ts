/** The address for a person to open; one that stands for all addresses of the machine is no place to go to. */
export function consoleUrl({ host, port }: { readonly host: string; readonly port: number }): string {
  const reachable = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The address of a one-time link; the secret stands in the fragment, which browsers never send. */
export function setupLink(url: string, token: string): string {
  return `${url}/setup#token=${token}`;
}
