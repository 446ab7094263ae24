import { LAB_PANELS, type PanelName } from '../../codes/lab-tests.ts';
import { CULTURES, type CultureName } from '../../codes/microbiology.ts';
import { IMAGING } from '../../codes/visit-reasons.ts';
import { laterBy } from '../local-time.ts';
import type { LabReport, Order, Patient, ResultStatus } from './entities.ts';
import type { Act, Happening } from './happening.ts';
import { OpenList } from './open-list.ts';
import { correct, finish, isolatesOf, resultsOf } from './results.ts';
import type { PracticeState } from './state.ts';

export interface LaboratoryOptions {
  /** Share of reports that correct an earlier one. */
  readonly corrections: number;
  /** Share of reports that come with the report as PDF. */
  readonly pdfs: number;
  /** Bytes of such a PDF at least. */
  readonly pdfBytes: number;
}

/** Orders, and results from preliminary to final to corrected. */
export class Laboratory {
  readonly #ordered = new OpenList<Order>();
  readonly #preliminary = new OpenList<LabReport>();
  readonly #final = new OpenList<LabReport>(200);
  readonly #state: PracticeState;
  readonly #options: LaboratoryOptions;

  constructor(state: PracticeState, options: LaboratoryOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** What happens, or undefined when nothing is ordered that it can happen to. */
  happen(type: 'ORM^O01' | 'OML^O21' | 'ORU^R01'): Happening | undefined {
    return type === 'ORU^R01' ? this.#reports() : this.#orders(type);
  }

  merged(from: Patient, to: Patient): void {
    const move = (order: Order) => {
      if (order.patient === from) order.patient = to;
    };
    this.#ordered.each(move);
    for (const reports of [this.#preliminary, this.#final]) reports.each(({ order }) => move(order));
  }

  #orders(type: 'ORM^O01' | 'OML^O21'): Happening {
    const { random } = this.#state;
    if (random.chance(0.06)) {
      const cancelled = this.#ordered.take(random, (one) => type === 'ORM^O01' || !isPicture(one));
      if (cancelled !== undefined) return say(type, 'order_cancelled', cancelled.patient, [cancelled], 'CA');
    }
    const patient = this.#state.anyPatient();
    const { reason } = patient.visit;
    const wanted: Order[] = [
      ...reason.panels.map((name) => this.#order(patient, { panel: name })),
      ...reason.cultures.map((name) => this.#order(patient, { culture: name })),
      ...(reason.imaging === '' || type === 'OML^O21' ? [] : [this.#order(patient, { picture: reason.imaging })]),
    ];
    if (wanted.length === 0) wanted.push(this.#order(patient, { panel: 'cbc' }));
    // Pictures have no numbers to report; their orders are sent and stay open.
    for (const order of wanted) if (!isPicture(order)) this.#ordered.add(order);
    return say(type, 'ordered', patient, wanted, 'NW');
  }

  #order(
    patient: Patient,
    what: { readonly panel?: PanelName; readonly culture?: CultureName; readonly picture?: string },
  ): Order {
    const panel = what.panel === undefined ? undefined : LAB_PANELS[what.panel];
    const culture = what.culture === undefined ? undefined : CULTURES[what.culture];
    const service = (panel ?? culture)?.loinc ?? IMAGING[what.picture ?? ''];
    if (service === undefined) throw new RangeError('Nothing is known by that name.');
    return {
      placer: `ORD${this.#state.number('order', 200_000)}`,
      patient,
      provider: patient.visit.provider,
      visit: patient.visit,
      at: this.#state.now,
      service,
      panel,
      culture,
      urgent: this.#state.random.chance(0.08),
      diagnosis: patient.visit.reason.diagnoses[0],
    };
  }

  #reports(): Happening | undefined {
    const { random } = this.#state;
    if (random.chance(this.#options.corrections)) {
      const report = this.#final.take(random, ({ results }) => results.length > 0);
      if (report !== undefined) return this.#corrected(report);
    }
    if (this.#preliminary.size > 20 || random.chance(0.35)) {
      const report = this.#preliminary.take(random);
      if (report !== undefined) return this.#finished(report);
    }
    const order = this.#ordered.take(random);
    if (order === undefined) {
      const waiting = this.#preliminary.take(random);
      return waiting === undefined ? undefined : this.#finished(waiting);
    }
    return random.chance(0.06) ? this.#cancelled(order) : this.#first(order);
  }

  #first(order: Order): Happening {
    const { random } = this.#state;
    // A culture is nearly always told before it is finished, a panel seldom.
    const status: ResultStatus = random.chance(order.culture === undefined ? 0.25 : 0.8) ? 'P' : 'F';
    const report = this.#report(order, status);
    if (status === 'P') this.#preliminary.add(report);
    else this.#final.add(report);
    return told(status === 'P' ? 'result_preliminary' : 'result_final', report);
  }

  #report(order: Order, status: ResultStatus): LabReport {
    const { random, now } = this.#state;
    const { panel, culture } = order;
    const year = this.#state.setting.year % 100;
    return {
      order,
      filler: `L${year}-${this.#state.number('accession', 500_000)}`,
      collected: order.at,
      received: laterBy(order.at, random.int(0, 1)),
      reported: now,
      status,
      results: panel === undefined ? [] : resultsOf(random, panel, status),
      isolates: culture === undefined ? [] : isolatesOf(random, culture, status),
      notes: panel !== undefined && random.chance(0.2) ? ['Fasting state unknown.'] : [],
      pdf: this.#pdf(status, order),
    };
  }

  #finished(report: LabReport): Happening {
    const { random, now } = this.#state;
    const { panel, culture } = report.order;
    const finished: LabReport = {
      ...report,
      reported: now,
      status: 'F',
      results: panel === undefined ? [] : report.results.map((result) => ({ ...result, status: 'F' })),
      isolates: culture === undefined ? [] : finish(random, culture, report.isolates),
      pdf: this.#pdf('F', report.order),
    };
    this.#final.add(finished);
    return told('result_final', finished);
  }

  #corrected(report: LabReport): Happening {
    const corrected: LabReport = {
      ...report,
      reported: this.#state.now,
      status: 'C',
      results: correct(this.#state.random, report.results, report.order.panel),
      pdf: report.pdf === undefined ? undefined : { ...report.pdf, title: `Corrected: ${report.order.service.text}` },
    };
    this.#final.add(corrected);
    return told('result_corrected', corrected);
  }

  #cancelled(order: Order): Happening {
    const { random } = this.#state;
    const reason = random.pick([
      'Specimen hemolyzed',
      'Quantity not sufficient',
      'Specimen mislabeled',
      'Not received',
    ]);
    const report = this.#report(order, 'X');
    return told('result_cancelled', {
      ...report,
      isolates: [],
      notes: [`Test not performed: ${reason}.`],
      pdf: undefined,
    });
  }

  #pdf(status: ResultStatus, order: Order): LabReport['pdf'] {
    if (status === 'P' || status === 'X' || !this.#state.random.chance(this.#options.pdfs)) return undefined;
    return { title: order.service.text, bytes: this.#options.pdfBytes };
  }
}

function isPicture(order: Order): boolean {
  return order.panel === undefined && order.culture === undefined;
}

function say(
  type: 'ORM^O01' | 'OML^O21',
  act: 'ordered' | 'order_cancelled',
  patient: Patient,
  orders: readonly Order[],
  control: 'NW' | 'CA',
): Happening {
  return { kind: 'order', type, act, patient, orders, control };
}

function told(act: Act, report: LabReport): Happening {
  return { kind: 'oru', type: 'ORU^R01', act, patient: report.order.patient, report };
}
