import type { IntegrationMethod } from './settings.ts';

/** What the settings need to know of the vendors' products; the connectors' registry fits. */
export interface ProductCatalogue {
  product(key: string): CatalogueProduct | undefined;
  readonly keys: readonly string[];
}

export interface CatalogueProduct {
  readonly key: string;
  readonly label: string;
  readonly versions: readonly {
    readonly key: string;
    readonly label: string;
    readonly methods: readonly {
      readonly method: IntegrationMethod;
      readonly offered: boolean;
      /** The reason when not offered. */
      readonly note: string;
    }[];
  }[];
  /** Key of the mapping that patients go by unless the system has its own. */
  readonly patientMappingKey: string;
}
