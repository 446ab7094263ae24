import type { MappingDocument } from '../mapping/mapping-format.ts';
import { NEXTGEN_PATIENT_V1 } from './nextgen-enterprise/mappings/patient.v1.ts';
import { NEXTGEN_ENTERPRISE } from './nextgen-enterprise/profile.ts';
import { NEXTGEN_KBM } from './nextgen-kbm/profile.ts';
import { NEXTGEN_OFFICE } from './nextgen-office/profile.ts';
import { type ConnectorProfile, INTEGRATION_METHODS, type IntegrationMethod } from './profile-format.ts';

/** The products that a system can be. One that this program cannot speak to at all is not among them. */
const PROFILES: readonly ConnectorProfile[] = [NEXTGEN_ENTERPRISE, NEXTGEN_OFFICE, NEXTGEN_KBM];

/** Default mappings, every version that was ever shipped. */
const MAPPINGS: readonly MappingDocument[] = [NEXTGEN_PATIENT_V1];

/** What this program does not do yet, with the sentence that the console shows; a method that it does is not here. */
const NOT_YET: Partial<Record<IntegrationMethod, string>> = {
  api: 'This version of Practice Studio does not connect by API yet.',
  file: 'This version of Practice Studio does not exchange files yet.',
};

/** One way to connect: offered with its limits, or not with the reason. */
export interface MethodOffer {
  readonly method: IntegrationMethod;
  readonly offered: boolean;
  readonly note: string;
}

/** A product as the console and the settings see it: the vendor's facts, cut down to what this program can do. */
export interface Product {
  readonly key: string;
  readonly vendor: string;
  readonly label: string;
  readonly description: string;
  readonly versions: readonly {
    readonly key: string;
    readonly label: string;
    readonly limits: string;
    readonly methods: readonly MethodOffer[];
  }[];
  readonly hl7_messages: readonly {
    readonly type: string;
    readonly meaning: string;
    readonly direction: string;
    readonly supported: boolean;
  }[];
  readonly patientMappingKey: string;
  readonly profile: ConnectorProfile;
}

/** Messages that become records beside the patient; a test holds them against what the engine processes. */
const RECORD_MESSAGES: ReadonlySet<string> = new Set([
  ...['ORU^R01', 'MDM^T01', 'MDM^T02', 'MDM^T06', 'MDM^T11', 'ORM^O01', 'OML^O21', 'VXU^V04'],
]);

const DIRECTIONS = { in: 'NextGen to Practice Studio', out: 'Practice Studio to NextGen', both: 'both ways' } as const;

function productOf(profile: ConnectorProfile): Product {
  const mapping = MAPPINGS.find(({ key }) => key === profile.patientMappingKey);
  const { key, vendor, label, description, patientMappingKey } = profile;
  return {
    key,
    vendor,
    label,
    description,
    versions: profile.versions.map((version) => ({
      key: version.key,
      label: version.label,
      limits: version.limits,
      methods: INTEGRATION_METHODS.map((method) => {
        const { offered, note } = version.methods[method];
        const missing = NOT_YET[method];
        // What the version itself lacks is the reason that will last.
        return offered && missing !== undefined ? { method, offered: false, note: missing } : { method, offered, note };
      }),
    })),
    hl7_messages: profile.hl7Messages.map(({ type, meaning, direction }) => ({
      type,
      meaning,
      direction: DIRECTIONS[direction],
      supported: direction !== 'out' && (mapping?.messages.includes(type) === true || RECORD_MESSAGES.has(type)),
    })),
    patientMappingKey,
    profile,
  };
}

/** All products, in the order in which they are offered. */
export const PRODUCTS: readonly Product[] = PROFILES.map(productOf);

const BY_KEY = new Map(PRODUCTS.map((product) => [product.key, product]));

/** The products by key, as the settings check systems against them. */
export const PRODUCT_CATALOGUE = {
  keys: PRODUCTS.map(({ key }) => key),
  product: (key: string): Product | undefined => BY_KEY.get(key),
};

/** What one version of a product offers, method by method; undefined for an unknown product or version. */
export function capabilities(productKey: string, versionKey: string): readonly MethodOffer[] | undefined {
  return BY_KEY.get(productKey)?.versions.find(({ key }) => key === versionKey)?.methods;
}

/** The mappings that come with the program, as they are stored at the first start. */
export const DEFAULT_MAPPINGS: readonly {
  readonly key: string;
  readonly category: 'patient';
  readonly version: number;
  readonly body: MappingDocument;
}[] = MAPPINGS.map((body) => ({ key: body.key, category: 'patient', version: body.version, body }));
