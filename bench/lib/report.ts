/** One figure of a benchmark with what the project demands and aims at. */
export interface Figure {
  readonly what: string;
  readonly value: number | null;
  readonly unit: string;
  readonly must?: string;
  readonly aim?: string;
}

/** Prints figures: as one line of JSON with `--json`, else as a table. */
export function report(bench: string, figures: readonly Figure[]): void {
  const rounded = figures.map((figure) => ({
    ...figure,
    value: figure.value === null ? null : Math.round(figure.value * 100) / 100,
  }));
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify({ bench, node: process.version, figures: rounded }));
    return;
  }
  const width = Math.max(...rounded.map(({ what }) => what.length));
  for (const { what, value, unit, must, aim } of rounded) {
    const bars = [must === undefined ? '' : `must ${must}`, aim === undefined ? '' : `aim ${aim}`].filter(
      (text) => text !== '',
    );
    console.log(`${what.padEnd(width)}  ${String(value).padStart(10)} ${unit.padEnd(6)} ${bars.join(', ')}`);
  }
}

/** A whole number from the command line, as `--seconds 20`. */
export function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  const value = at === -1 ? otherwise : Number(process.argv[at + 1]);
  if (!Number.isFinite(value) || value <= 0) throw new Error(`--${name} needs a number.`);
  return value;
}
