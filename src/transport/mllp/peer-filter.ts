import { BlockList, isIP, isIPv4 } from 'node:net';
import { MllpError } from './mllp-error.ts';

/** An IPv4 peer of a dual-stack socket shows as ::ffff:10.0.0.1: gives it as people write it. */
export function normalizeAddress(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  return mapped?.[1] ?? address;
}

/**
 * Makes a test for an allow list of addresses and CIDR ranges (IPv4 and IPv6). An empty list allows everybody.
 *
 * @throws MllpError `mllp_bad_peer_range` for an entry that is neither.
 */
export function createPeerFilter(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => true;
  const allowed = new BlockList();
  for (const range of ranges) addRange(allowed, range.trim());
  return (address) => {
    const plain = normalizeAddress(address);
    return isIP(plain) !== 0 && allowed.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  };
}

function addRange(list: BlockList, range: string): void {
  const slash = range.indexOf('/');
  const address = normalizeAddress(slash < 0 ? range : range.slice(0, slash));
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const prefixText = slash < 0 ? String(bits) : range.slice(slash + 1);
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  if (family === 0 || prefix < 0 || prefix > bits) {
    throw new MllpError('mllp_bad_peer_range', `Found "${range}"; write 10.1.2.3, 10.1.0.0/16 or fd00::/8.`);
  }
  list.addSubnet(address, prefix, family === 4 ? 'ipv4' : 'ipv6');
}
