import { codedField, components, escape, segment } from './hl7-text.ts';
import type { Order } from '../model/entities.ts';
import type { Happening } from '../model/happening.ts';
import { PARTIES, type RenderContext } from './context.ts';
import { dg1 } from './dft.ts';
import { gt1, insurance } from './insurance.ts';
import { al1, pid, providerOf } from './patient.ts';
import { pv1 } from './visit.ts';

type OrderMessage = Extract<Happening, { kind: 'order' }>;

/** ORM O01 and OML O21: one ORC and OBR for each thing wanted; OML has timing and specimen as segments. */
export function orderSegments(context: RenderContext, { type, patient, orders, control }: OrderMessage): string[] {
  const { version } = context;
  const first = orders[0] as Order;
  return [
    pid(version, patient),
    pv1(context, patient, first.visit),
    ...insurance(version, patient, false),
    gt1(version, patient),
    ...al1(version, patient),
    ...orders.flatMap((order, at) => {
      const timing = segment('TQ1', { 1: '1', 7: order.at, 9: order.urgent ? 'S^^HL70485' : 'R^^HL70485' });
      const specimen = (order.panel ?? order.culture)?.specimen;
      const spm =
        specimen === undefined
          ? []
          : [segment('SPM', { 1: '1', 2: `${order.placer}&NG`, 4: codedField(specimen.snomed), 17: order.at })];
      return [
        orc(context, order, control),
        ...(type === 'OML^O21' ? [timing] : []),
        obrOfOrder(context, order, String(at + 1)),
        dg1(context, order.diagnosis, 1, order.at),
        ...(type === 'OML^O21' ? spm : []),
      ];
    }),
  ];
}

function orc({ version, at, type }: RenderContext, order: Order, control: 'NW' | 'CA'): string {
  const { authority } = PARTIES[version];
  return segment('ORC', {
    1: control,
    2: `${order.placer}^${authority}`,
    5: control === 'NW' ? 'SC' : 'CA',
    ...(version === '2.8' || type === 'OML^O21' ? {} : { 7: `^^^${order.at}^^${order.urgent ? 'S' : 'R'}` }),
    9: at,
    12: providerOf(version, order.provider, 'npi'),
    ...(control === 'NW' ? {} : { 16: version === '2.3' ? 'PATIENT^Patient request' : 'PATIENT^Patient request^L' }),
  });
}

function obrOfOrder({ version, type }: RenderContext, order: Order, setId: string): string {
  const { authority } = PARTIES[version];
  const local = (order.panel ?? order.culture)?.local;
  const old = version !== '2.8' && type === 'ORM^O01';
  return segment('OBR', {
    1: setId,
    2: `${order.placer}^${authority}`,
    4: local === undefined ? codedField(order.service) : codedField(order.service, local),
    ...(version === '2.3' ? { 5: order.urgent ? 'S' : 'R', 6: order.at } : {}),
    ...(old && order.panel !== undefined ? { 15: order.panel.specimen.hl7 } : {}),
    16: providerOf(version, order.provider, 'npi'),
    ...(old ? { 27: `^^^${order.at}^^${order.urgent ? 'S' : 'R'}` } : {}),
    31: components(order.diagnosis.code, escape(order.diagnosis.text), order.diagnosis.system),
  });
}
