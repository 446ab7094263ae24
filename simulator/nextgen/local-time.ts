/** Makes a function that writes an instant as the practice's clock shows it: YYYYMMDDHHMMSS, as HL7 feeds do without offset. */
export function localTimeWriter(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, part.value]));
    const order = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;
    return order.map((name) => parts.get(name) ?? '').join('');
  };
}
