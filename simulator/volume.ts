import { REGIONS } from './invented/places.ts';
import { VISIT_REASONS } from './codes/visit-reasons.ts';
import type { Patient } from './nextgen/model/entities.ts';
import { PROVIDERS } from './nextgen/model/staff.ts';
import type { FeedVersion } from './nextgen/render/context.ts';
import { renderHappening } from './nextgen/render/render.ts';
import { inventPerson } from './people.ts';
import { createRandom } from './random.ts';

export interface VolumeOptions {
  readonly seed: string | number;
  readonly messages: number;
  /** Distinct patients; the messages go round them. Default: as many as messages. */
  readonly patients?: number;
  /** Default 2.3. */
  readonly version?: FeedVersion;
  /** Put before the control ids, so that two runs do not look like duplicates. Default ''. */
  readonly controlIdPrefix?: string;
  /** YYYYMMDDHHMMSS of all messages. Default 20260421093000. */
  readonly at?: string;
}

/**
 * Makes distinct registrations (A04) and, from the second round on, updates (A08) with a new phone number, one after
 * the other without holding them. A patient is made from the seed and its number alone, so any number of them costs no memory.
 */
export function* volumeMessages(options: VolumeOptions): Generator<Buffer, void, undefined> {
  const patients = options.patients ?? options.messages;
  const at = options.at ?? '20260421093000';
  const setting = { region: REGIONS.springfield, year: Number(at.slice(0, 4)) };
  const [provider] = PROVIDERS;
  const [reason] = VISIT_REASONS;
  if (provider === undefined || reason === undefined) return;
  for (let count = 0; count < options.messages; count += 1) {
    const number = count % patients;
    const round = Math.floor(count / patients);
    const person = inventPerson(createRandom(`${options.seed} ${number}`), setting);
    const type = round === 0 ? 'ADT^A04' : 'ADT^A08';
    const visit = { number: String(500_000 + number), location: 'CLINIC', provider, at, admitted: false, reason };
    const patient: Patient = {
      mrn: String(100_000 + number),
      portalId: `${100_000 + number}-00`,
      person: round === 0 ? person : { ...person, mobilePhone: `2175550${100 + ((number + round) % 100)}` },
      visit,
      allergies: [],
      slidingFee: undefined,
    };
    yield renderHappening(
      {
        version: options.version ?? '2.3',
        type,
        controlId: `${options.controlIdPrefix ?? ''}${count + 1}`,
        at,
        zSegments: false,
        slidingFee: undefined,
      },
      { kind: 'adt', type, act: round === 0 ? 'registered' : 'new_phone', patient, visit },
    );
  }
}
