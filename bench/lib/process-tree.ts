import { readdirSync, readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** CPU seconds so far of a process with all its descendants (Linux). */
export function cpuSeconds(pid: number): number {
  let ticks = 0;
  for (const each of tree(pid)) {
    const fields = statOf(each);
    if (fields !== undefined) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return ticks / TICKS_PER_SECOND;
}

/** Memory (PSS, MB) of a process with all its descendants (Linux). */
export function memoryMB(pid: number): number {
  let kilobytes = 0;
  for (const each of tree(pid)) {
    try {
      kilobytes += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'latin1'))?.[1] ?? 0);
    } catch {
      // It ended meanwhile.
    }
  }
  return Math.round(kilobytes / 1024);
}

/** Bytes written to the machine's disks so far: what is only cached does not count. */
export function diskBytes(): number {
  let bytes = 0;
  for (const device of readdirSync('/sys/block')) {
    if (!/^(vd|sd|nvme|xvd)/.test(device)) continue;
    bytes += Number(readFileSync(`/sys/block/${device}/stat`, 'utf8').trim().split(/\s+/)[6]) * 512;
  }
  return bytes;
}

function tree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? statOf(Number(name))?.[1] : undefined;
    if (parent !== undefined) children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const all: number[] = [];
  for (const todo = [pid]; todo.length > 0;) {
    const next = todo.pop() ?? 0;
    all.push(next);
    todo.push(...(children.get(next) ?? []));
  }
  return all;
}

/** The fields of /proc/PID/stat after the name, from the state on. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return undefined;
  }
}
