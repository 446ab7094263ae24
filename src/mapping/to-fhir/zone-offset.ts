/** Formatters and answers by zone: making either is slow, and a feed asks for the same hours again and again. */
const formatters = new Map<string, Intl.DateTimeFormat>();
const answers = new Map<string, string | undefined>();
const MAX_ANSWERS = 20_000;
const QUARTER = 15 * 60_000;

/**
 * The offset (`-05:00`, `Z` for none) of a local time in an IANA time zone; undefined for a time that does not exist or exists twice there.
 *
 * @throws RangeError when there is no such zone.
 */
export function zoneOffset(zone: string, date: string, time: string): string | undefined {
  // Changes happen on quarters of an hour, so all times of one have the same answer.
  const [hour = '00', minute = '00'] = time.split(':');
  const quarter = String(Math.floor(Number(minute) / 15) * 15).padStart(2, '0');
  const key = `${zone} ${date}T${hour}:${quarter}`;
  if (answers.has(key)) return answers.get(key);
  const answer = find(zone, Date.parse(`${date}T${hour}:${quarter}:00Z`));
  if (answers.size >= MAX_ANSWERS) answers.clear();
  answers.set(key, answer);
  return answer;
}

/** `local` is the local time read as if it were UTC. */
function find(zone: string, local: number): string | undefined {
  const DAY = 24 * 60 * 60_000;
  const candidates = new Set([offsetAt(zone, local - DAY), offsetAt(zone, local + DAY)]);
  const fitting = [...candidates].filter((offset) => offsetAt(zone, local - offset) === offset);
  const [only] = fitting;
  return fitting.length === 1 && only !== undefined ? format(only) : undefined;
}

/** Milliseconds that local time is ahead of UTC at a moment. */
function offsetAt(zone: string, moment: number): number {
  let formatter = formatters.get(zone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formatters.set(zone, formatter);
  }
  const parts: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(moment)) parts[type] = value;
  const { year, month, day, hour, minute } = parts;
  const local = Date.parse(`${(year ?? '').padStart(4, '0')}-${month}-${day}T${hour}:${minute}:00Z`);
  return Math.round((local - moment) / QUARTER) * QUARTER;
}

function format(offset: number): string {
  if (offset === 0) return 'Z';
  const minutes = Math.abs(offset) / 60_000;
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
