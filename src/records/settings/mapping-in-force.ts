import type { ProductCatalogue } from './product-catalogue.ts';
import type { MappingSetting, SystemSetting } from './settings.ts';

/** The mapping that a system's patients go by: the newest version of its own mapping, else of its product's default. */
export function mappingInForce(
  mappings: readonly MappingSetting[],
  system: Pick<SystemSetting, 'mappingKey' | 'product'>,
  catalogue: ProductCatalogue,
): MappingSetting | undefined {
  const key = system.mappingKey ?? catalogue.product(system.product)?.patientMappingKey;
  let newest: MappingSetting | undefined;
  for (const mapping of mappings) {
    if (mapping.key === key && (newest === undefined || mapping.version > newest.version)) newest = mapping;
  }
  return newest;
}
