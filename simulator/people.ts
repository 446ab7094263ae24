import { ETHNICITIES, ORIGINS, RACES } from './invented/names.ts';
import type { Origin } from './invented/names.ts';
import { STREETS, STREET_KINDS } from './invented/places.ts';
import type { Region } from './invented/places.ts';
import { plansForAge } from './invented/plans.ts';
import type { Plan } from './invented/plans.ts';
import type { Random } from './random.ts';

export interface PersonName {
  readonly family: string;
  readonly given: string;
  readonly middle: string;
  readonly suffix: string;
}

export interface Address {
  readonly line1: string;
  readonly line2: string;
  readonly city: string;
  readonly state: string;
  readonly zip: string;
  readonly county: string;
}

/** How one person is related to another, as HL7 table 0063 codes it. */
export type Relation = 'SPO' | 'PAR' | 'CHD' | 'SIB' | 'FND';

export interface NextOfKin {
  readonly name: PersonName;
  readonly relation: Relation;
  /** Ten digits. */
  readonly phone: string;
}

export interface Coverage {
  readonly plan: Plan;
  readonly memberId: string;
  readonly policyNumber: string;
  readonly groupNumber: string;
  readonly insured: {
    readonly name: PersonName;
    readonly birthDate: string;
    readonly relation: 'SELF' | 'SPOUSE' | 'PARENT';
  };
}

/** An invented person. Dates are YYYY-MM-DD, phones ten digits of the range kept free for fiction (555-0100 to 555-0199). */
export interface Person {
  readonly name: PersonName;
  readonly birthDate: string;
  readonly sex: 'F' | 'M' | 'O' | 'U';
  /** CDC race code, or '' when it was not told. */
  readonly race: string;
  /** CDC ethnicity code, or ''. */
  readonly ethnicity: string;
  /** ISO 639-2/B. */
  readonly language: string;
  readonly maritalStatus: 'S' | 'M' | 'D' | 'W';
  readonly religion: string;
  readonly address: Address;
  readonly homePhone: string;
  readonly mobilePhone: string;
  readonly email: string;
  /** Of the area numbers that are never given out. */
  readonly ssn: string;
  readonly coverage: Coverage | undefined;
  readonly nextOfKin: NextOfKin | undefined;
}

export interface PeopleSetting {
  readonly region: Region;
  /** The year in which they live: ages count from it. */
  readonly year: number;
}

const ORIGIN_SHARES = ORIGINS.map((one) => [one, one.share] as const);
const CHILDREN_SHARES = [
  [0, 4],
  [1, 3],
  [2, 3],
  [3, 1],
] as const;

/** Makes one grown-up who lives alone. */
export function inventPerson(random: Random, setting: PeopleSetting): Person {
  const origin = random.weighted(ORIGIN_SHARES);
  return inventGrownUp(random, setting, {
    origin,
    family: random.pick(origin.family),
    age: random.int(20, 91),
    address: inventAddress(random, setting.region),
    homePhone: inventPhone(random, setting.region),
  });
}

/** Makes the people of one household: one or two grown-ups, sometimes children, at one address. */
export function inventHousehold(random: Random, setting: PeopleSetting): readonly [Person, ...Person[]] {
  const origin = random.weighted(ORIGIN_SHARES);
  const address = inventAddress(random, setting.region);
  const homePhone = inventPhone(random, setting.region);
  const family = random.pick(origin.family);
  const age = random.int(20, 91);
  const head = inventGrownUp(random, setting, { origin, family, age, address, homePhone });
  if (age >= 85 || random.chance(0.5)) {
    const alone = liveAlone(random, setting, origin, head, age);
    return age < 60 && random.chance(0.25) ? [alone, inventChild(random, setting, origin, alone)] : [alone];
  }
  const otherSex = head.sex === 'F' ? 'M' : 'F';
  const spouse = inventGrownUp(random, setting, {
    origin: random.chance(0.8) ? origin : random.weighted(ORIGIN_SHARES),
    family: random.chance(0.75) ? family : random.pick(origin.family),
    age: Math.max(19, age + random.int(-6, 6)),
    address,
    homePhone,
    sex: random.chance(0.05) && head.sex !== 'O' && head.sex !== 'U' ? head.sex : otherSex,
  });
  const [one, other] = marry(head, spouse);
  const children: Person[] = [];
  const wanted = age < 55 ? random.weighted(CHILDREN_SHARES) : 0;
  for (let count = 0; count < wanted; count += 1) children.push(inventChild(random, setting, origin, one));
  return [one, other, ...children];
}

/** Somebody without spouse has another next of kin, or none. */
function liveAlone(random: Random, setting: PeopleSetting, origin: Origin, person: Person, age: number): Person {
  const relation = random.pick(age < 60 ? (['PAR', 'SIB', 'FND'] as const) : (['CHD', 'SIB', 'FND'] as const));
  const family = relation === 'FND' ? random.pick(origin.family) : person.name.family;
  const name = inventName(random, origin, random.chance(0.5) ? 'F' : 'M', family);
  const known = name.given !== person.name.given && random.chance(0.9);
  return {
    ...person,
    maritalStatus: random.pick(age < 60 ? (['S', 'S', 'D'] as const) : (['S', 'D', 'W', 'W'] as const)),
    nextOfKin: known ? { name, relation, phone: inventPhone(random, setting.region) } : undefined,
  };
}

/** Makes two people each other's spouse and next of kin; the second is insured through the first where they share an address. */
export function marry(first: Person, second: Person): [Person, Person] {
  const shared =
    first.coverage === undefined || first.coverage.insured.relation !== 'SELF'
      ? second.coverage
      : { ...first.coverage, insured: { ...first.coverage.insured, relation: 'SPOUSE' as const } };
  return [
    { ...first, maritalStatus: 'M', nextOfKin: { name: second.name, relation: 'SPO', phone: second.mobilePhone } },
    {
      ...second,
      maritalStatus: 'M',
      nextOfKin: { name: first.name, relation: 'SPO', phone: first.mobilePhone },
      coverage: shared,
    },
  ];
}

export function inventAddress(random: Random, region: Region): Address {
  const place = random.pick(region.places);
  return {
    line1: `${random.int(1, 9899)} ${random.pick(STREETS)} ${random.pick(STREET_KINDS)}`,
    line2: random.chance(0.2) ? `Apt ${random.int(1, 48)}` : '',
    city: place.city,
    state: region.state,
    zip: random.pick(place.zips),
    county: place.county,
  };
}

export function inventPhone(random: Random, region: Region): string {
  return `${region.areaCode}555${random.int(100, 199).toString().padStart(4, '0')}`;
}

/** A plan of one's own, or none. */
export function inventCoverage(
  random: Random,
  setting: PeopleSetting,
  { name, birthDate }: Pick<Person, 'name' | 'birthDate'>,
): Coverage | undefined {
  const age = setting.year - Number(birthDate.slice(0, 4));
  if (age < 65 && random.chance(0.09)) return undefined;
  const plan = random.pick(plansForAge(age));
  const company = plan.payerId.slice(0, 2);
  return {
    plan,
    memberId: company + digits(random, 9),
    policyNumber: company + digits(random, 9),
    groupNumber: digits(random, 5),
    insured: { name, birthDate, relation: 'SELF' },
  };
}

interface GrownUp {
  readonly origin: Origin;
  readonly family: string;
  readonly age: number;
  readonly address: Address;
  readonly homePhone: string;
  readonly sex?: 'F' | 'M';
}

function inventGrownUp(random: Random, setting: PeopleSetting, wish: GrownUp): Person {
  const sex = wish.sex ?? (random.chance(0.52) ? 'F' : 'M');
  const name = inventName(random, wish.origin, sex, wish.family);
  const birthDate = inventBirthDate(random, setting.year - wish.age);
  const coverage = inventCoverage(random, setting, { name, birthDate });
  // Now and then the desk notes another gender than the one that the first name was picked by, or none.
  const noted = random.chance(0.97) ? sex : random.chance(0.3) ? 'O' : 'U';
  return {
    name,
    birthDate,
    sex: noted,
    race: inventRace(random, wish.origin),
    ethnicity: inventEthnicity(random, wish.origin),
    language: random.weighted(wish.origin.languages),
    religion: random.pick(wish.origin.religions),
    maritalStatus: 'S',
    address: wish.address,
    homePhone: random.chance(0.85) ? wish.homePhone : '',
    mobilePhone: random.chance(0.9) ? inventPhone(random, setting.region) : '',
    email: random.chance(0.7) ? email(name, random) : '',
    ssn: random.chance(0.75) ? inventSsn(random) : '',
    coverage,
    nextOfKin: undefined,
  };
}

function inventChild(random: Random, setting: PeopleSetting, origin: Origin, parent: Person): Person {
  const parentAge = setting.year - Number(parent.birthDate.slice(0, 4));
  const age = random.int(0, Math.max(0, Math.min(17, parentAge - 19)));
  const sex = random.chance(0.49) ? 'F' : 'M';
  return {
    race: parent.race,
    ethnicity: parent.ethnicity,
    language: random.chance(0.6) ? 'ENG' : parent.language,
    religion: parent.religion,
    name: inventName(random, origin, sex, parent.name.family),
    birthDate: inventBirthDate(random, setting.year - age),
    sex,
    maritalStatus: 'S',
    address: parent.address,
    homePhone: parent.homePhone,
    mobilePhone: '',
    email: '',
    ssn: random.chance(0.6) ? inventSsn(random) : '',
    coverage: parent.coverage && {
      ...parent.coverage,
      insured: { name: parent.name, birthDate: parent.birthDate, relation: 'PARENT' },
    },
    nextOfKin: { name: parent.name, relation: 'PAR', phone: parent.mobilePhone || parent.homePhone },
  };
}

const RACE_CODES = Object.keys(RACES);
const [HISPANIC = '', NOT_HISPANIC = ''] = Object.keys(ETHNICITIES);

function inventRace(random: Random, origin: Origin): string {
  if (random.chance(0.05)) return '';
  return random.chance(0.02) ? random.pick(RACE_CODES) : random.weighted(origin.races);
}

function inventEthnicity(random: Random, origin: Origin): string {
  if (random.chance(0.08)) return '';
  return random.chance(origin.hispanic) ? HISPANIC : NOT_HISPANIC;
}

function inventName(random: Random, origin: Origin, sex: 'F' | 'M', family: string): PersonName {
  const given = sex === 'F' ? origin.female : origin.male;
  return {
    family,
    given: random.pick(given),
    middle: random.chance(0.4) ? random.pick(given).slice(0, 1) : '',
    suffix: sex === 'M' && random.chance(0.03) ? random.pick(['Jr', 'Sr', 'III']) : '',
  };
}

function inventBirthDate(random: Random, year: number): string {
  const month = random.int(1, 12);
  const day = random.int(1, new Date(Date.UTC(year, month, 0)).getUTCDate());
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

function email(name: PersonName, random: Random): string {
  const plain = (text: string) =>
    (/^[A-Za-z]*$/.test(text) ? text : withoutMarks(text).replace(/[^A-Za-z]/g, '')).toLowerCase();
  return `${plain(name.given)}.${plain(name.family)}${random.int(1, 99)}@example.${random.pick(['com', 'net', 'org'])}`;
}

function withoutMarks(text: string): string {
  return text.normalize('NFD').replace(/đ/gi, 'd').replace(/ł/gi, 'l');
}

/** Area numbers from 900 on with group numbers below 50 are given to nobody, neither as SSN nor as ITIN. */
function inventSsn(random: Random): string {
  return `${random.int(900, 999)}-${String(random.int(1, 49)).padStart(2, '0')}-${digits(random, 4)}`;
}

function digits(random: Random, count: number): string {
  return String(random.int(10 ** (count - 1), 10 ** count - 1));
}
