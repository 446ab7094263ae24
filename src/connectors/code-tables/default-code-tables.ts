import type { CodeTable } from '../../mapping/code-table.ts';
import { COUNTRY } from './country-code-table.ts';
import { LANGUAGE } from './language-code-table.ts';
import {
  CONTACT_ROLE,
  ETHNICITY,
  GENDER,
  IDENTIFIER_TYPE,
  MARITAL_STATUS,
  RACE,
  RELATIONSHIP,
  RELIGION,
} from './person-code-tables.ts';

/** The code tables that the default mappings name; a system may add codes of its own. */
export const DEFAULT_CODE_TABLES: readonly CodeTable[] = [
  GENDER,
  RACE,
  ETHNICITY,
  LANGUAGE,
  MARITAL_STATUS,
  RELIGION,
  RELATIONSHIP,
  CONTACT_ROLE,
  IDENTIFIER_TYPE,
  COUNTRY,
];
