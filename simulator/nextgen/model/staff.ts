import type { Provider } from './entities.ts';

export const PROVIDERS: readonly Provider[] = [
  provider('40117', 'JOHNSON', 'JANE', 'MD', '204011700'),
  provider('40123', 'PATEL', 'RAJ', 'MD', '204012300'),
  provider('40131', 'OKONKWO', 'ADAEZE', 'NP', '204013100'),
  provider('40150', 'LINDQUIST', 'PER', 'DO', '204015000'),
  provider('40162', 'CASTILLO', 'NOEMI', 'PA', '204016200'),
  provider('40171', 'WHITFIELD', 'GRANT', 'LCSW', '204017100'),
];

export const LOCATIONS = ['CLINIC', 'PEDS', 'WOMENS', 'ANNEX'] as const;

/** Programs of the Health Resources and Services Administration, as health centres name them on their encounters. */
export const GRANTS = ['330E-CHC', '330G-MHC', '330H-HCH', '330I-PHPC', 'RW-C', 'TITLEX'] as const;

function provider(id: string, family: string, given: string, credential: string, npiBase: string): Provider {
  return { id, family, given, credential, npi: npiBase + checkDigit(npiBase) };
}

/** Luhn's over the nine digits with 80840 before them, as an NPI has it. */
function checkDigit(base: string): string {
  let sum = 0;
  for (const [at, digit] of [...`80840${base}`].reverse().entries()) {
    const doubled = Number(digit) * (at % 2 === 0 ? 2 : 1);
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return String((10 - (sum % 10)) % 10);
}
