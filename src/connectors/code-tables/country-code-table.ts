import type { CodeTable } from '../../mapping/code-table.ts';

/** ISO 3166-1 alpha-3 codes and names to alpha-2, for the countries met in addresses of United States practices. */
const COUNTRIES =
  'US USA UNITED STATES|US UNITED STATES OF AMERICA|US U.S.A.|US U.S.|CA CAN CANADA|MX MEX MEXICO|PR PRI PUERTO RICO|GU GUM GUAM|' +
  'VI VIR VIRGIN ISLANDS|GB GBR UNITED KINGDOM|GB UK|IE IRL IRELAND|DE DEU GERMANY|FR FRA FRANCE|ES ESP SPAIN|IT ITA ITALY|' +
  'PT PRT PORTUGAL|CH CHE SWITZERLAND|AT AUT AUSTRIA|NL NLD NETHERLANDS|BE BEL BELGIUM|PL POL POLAND|UA UKR UKRAINE|RU RUS RUSSIA|' +
  'CN CHN CHINA|JP JPN JAPAN|KR KOR KOREA|KR SOUTH KOREA|VN VNM VIETNAM|PH PHL PHILIPPINES|IN IND INDIA|PK PAK PAKISTAN|' +
  'BD BGD BANGLADESH|NP NPL NEPAL|TH THA THAILAND|MM MMR MYANMAR|AU AUS AUSTRALIA|NZ NZL NEW ZEALAND|BR BRA BRAZIL|' +
  'AR ARG ARGENTINA|CO COL COLOMBIA|VE VEN VENEZUELA|EC ECU ECUADOR|PE PER PERU|CL CHL CHILE|GT GTM GUATEMALA|HN HND HONDURAS|' +
  'SV SLV EL SALVADOR|NI NIC NICARAGUA|CR CRI COSTA RICA|PA PAN PANAMA|CU CUB CUBA|DO DOM DOMINICAN REPUBLIC|HT HTI HAITI|' +
  'JM JAM JAMAICA|NG NGA NIGERIA|ET ETH ETHIOPIA|SO SOM SOMALIA|KE KEN KENYA|GH GHA GHANA|CD COD CONGO|ZA ZAF SOUTH AFRICA|' +
  'EG EGY EGYPT|MA MAR MOROCCO|IL ISR ISRAEL|SA SAU SAUDI ARABIA|IQ IRQ IRAQ|IR IRN IRAN|AF AFG AFGHANISTAN|SY SYR SYRIA|TR TUR TURKEY';

function entriesOf(text: string): Record<string, string> {
  const entries: Record<string, string> = {};
  for (const line of text.split('|')) {
    const [code = '', second = '', ...rest] = line.split(' ');
    entries[code] = code;
    // Either "US USA UNITED STATES" or a further name alone, "KR SOUTH KOREA".
    if (/^[A-Z]{3}$/.test(second) && rest.length > 0) {
      entries[second] = code;
      entries[rest.join(' ')] = code;
    } else {
      entries[[second, ...rest].join(' ')] = code;
    }
  }
  return entries;
}

export const COUNTRY: CodeTable = {
  key: 'country',
  title: 'Country: ISO 3166-1 alpha-2',
  entries: entriesOf(COUNTRIES),
};
