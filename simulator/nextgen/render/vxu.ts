import { coded, SYSTEM, type Coded } from '../../codes/coded.ts';
import type { Shot } from '../model/entities.ts';
import type { Happening } from '../model/happening.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { codedField, components, escape, segment } from './hl7-text.ts';
import { insurance } from './insurance.ts';
import { nk1, pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';

type Vxu = Extract<Happening, { kind: 'vxu' }>;

/** VXU V04 as immunization registries take it: ORC, RXA, RXR and the observations about funding and statement. */
export function vxuSegments(context: RenderContext, { patient, shots }: Vxu): string[] {
  const { version } = context;
  return [
    pid(version, patient),
    ...(version === '2.3' ? [] : [segment('PD1', { 11: '02^Reminder/recall - any method^HL70215', 12: 'N' })]),
    ...nk1(version, patient),
    pv1(context, patient, patient.visit),
    ...insurance(version, patient, false),
    ...shots.flatMap((shot) => [orc(context, shot), rxa(context, shot), ...rxr(shot), ...about(version, shot)]),
  ];
}

function orc({ version, at }: RenderContext, shot: Shot): string {
  const { authority } = PARTIES[version];
  const by = providerOf(version, shot.provider, 'npi');
  return segment('ORC', {
    1: 'RE',
    2: `${shot.id}^${authority}`,
    3: `${shot.id}^${authority}`,
    ...(version === '2.3' ? { 7: `^^^${shot.at}` } : {}),
    9: at,
    12: shot.historical ? '' : by,
  });
}

function rxa({ version, at }: RenderContext, shot: Shot): string {
  const { vaccine, historical, refusal } = shot;
  const given = !historical && refusal === undefined;
  const note = historical
    ? '01^Historical information - source unspecified^NIP001'
    : '00^New immunization record^NIP001';
  return segment('RXA', {
    1: '0',
    2: '1',
    3: shot.at,
    4: shot.at,
    5: given ? codedField(vaccine.cvx, vaccine.ndc) : codedField(vaccine.cvx),
    // 999: an amount that is not known.
    6: given ? vaccine.dose : '999',
    7: given ? (version === '2.3' ? 'mL' : 'mL^milliliter^UCUM') : '',
    9: refusal === undefined ? note : '',
    10: given ? providerOf(version, shot.provider, 'npi') : '',
    11: given ? '^^^MAPLE STREET' : '',
    15: given ? shot.lot : '',
    16: given ? shot.expires : '',
    17: given ? codedField(vaccine.maker) : '',
    18: refusal === undefined ? '' : codedField(refusal),
    ...(version === '2.3' ? {} : { 20: refusal === undefined ? 'CP' : 'RE', 21: shot.action, 22: at }),
  });
}

function rxr({ vaccine, site, historical, refusal }: Shot): string[] {
  if (historical || refusal !== undefined) return [];
  return [segment('RXR', { 1: codedField(vaccine.route), 2: codedField(site) })];
}

/** Who pays for it, and which statement was handed out. */
function about(version: RenderContext['version'], shot: Shot): string[] {
  if (shot.historical || shot.refusal !== undefined) return [];
  const { vaccine, funding, at } = shot;
  const day = at.slice(0, 8);
  const loinc = (code: string, text: string): Coded => coded(code, text, SYSTEM.loinc);
  // 2.7 withdrew CE and TS.
  const [code, time] = version === '2.8' ? ['CWE', 'DTM'] : ['CE', 'TS'];
  const rows = [
    [code, loinc('64994-7', 'Vaccine funding program eligibility category'), '1', codedField(funding)],
    [code, loinc('30956-7', 'Vaccine type'), '2', codedField(vaccine.cvx)],
    [time, loinc('29768-9', 'Date vaccine information statement published'), '2', vaccine.statement],
    [time, loinc('29769-7', 'Date vaccine information statement presented'), '2', day],
  ] as const;
  return rows.map(([type, about, sub, value], index) =>
    segment('OBX', {
      1: String(index + 1),
      2: type,
      3: components(about.code, escape(about.text), about.system),
      4: sub,
      5: value,
      11: 'F',
      14: day,
    }),
  );
}
