import { REGIONS } from './invented/places.ts';
import { renderAdt } from './nextgen/adt.ts';
import type { AdtEvent, AdtShape } from './nextgen/adt.ts';
import { inventPerson } from './people.ts';
import { createRandom } from './random.ts';

export interface VolumeOptions {
  readonly seed: string | number;
  readonly messages: number;
  /** Distinct patients; the messages go round them. Default: as many as messages. */
  readonly patients?: number;
  /** Default 2.3. */
  readonly shape?: AdtShape;
  /** Put before the control ids, so that two runs do not look like duplicates. Default ''. */
  readonly controlIdPrefix?: string;
  /** YYYYMMDDHHMMSS of all messages. Default 20260421093000. */
  readonly at?: string;
}

const PROVIDER = { id: '40117', family: 'JOHNSON', given: 'JANE' };

/**
 * Makes distinct registrations (A04) and, from the second round on, updates (A08) with a new phone number, one after
 * the other without holding them. A patient is made from the seed and its number alone, so any number of them costs no memory.
 */
export function* volumeMessages(options: VolumeOptions): Generator<Buffer, void, undefined> {
  const patients = options.patients ?? options.messages;
  const at = options.at ?? '20260421093000';
  const setting = { region: REGIONS.springfield, year: Number(at.slice(0, 4)) };
  for (let count = 0; count < options.messages; count += 1) {
    const number = count % patients;
    const round = Math.floor(count / patients);
    const person = inventPerson(createRandom(`${options.seed} ${number}`), setting);
    const event: AdtEvent = round === 0 ? 'A04' : 'A08';
    yield renderAdt({
      shape: options.shape ?? '2.3',
      event,
      controlId: `${options.controlIdPrefix ?? ''}${count + 1}`,
      at,
      mrn: String(100_000 + number),
      person: round === 0 ? person : { ...person, mobilePhone: `2175550${100 + ((number + round) % 100)}` },
      visit: {
        number: String(500_000 + number),
        location: 'CLINIC',
        provider: PROVIDER,
        at,
        slidingFee: undefined,
      },
    });
  }
}
