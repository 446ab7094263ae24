export interface Place {
  readonly city: string;
  readonly zips: readonly string[];
  readonly county: string;
}

/** Towns around one practice. Cities, counties, postal and area codes are real; streets and house numbers are made up. */
export interface Region {
  readonly state: string;
  readonly timeZone: string;
  readonly areaCode: string;
  readonly places: readonly [Place, ...Place[]];
}

const place = (city: string, county: string, ...zips: string[]): Place => ({ city, county, zips });

export const REGIONS = {
  springfield: {
    state: 'IL',
    timeZone: 'America/Chicago',
    areaCode: '217',
    places: [
      place('Springfield', 'Sangamon', '62701', '62702', '62703', '62704', '62707'),
      place('Chatham', 'Sangamon', '62629'),
      place('Rochester', 'Sangamon', '62563'),
      place('Sherman', 'Sangamon', '62684'),
      place('Decatur', 'Macon', '62521', '62522', '62526'),
      place('Jacksonville', 'Morgan', '62650'),
    ],
  },
  portland: {
    state: 'OR',
    timeZone: 'America/Los_Angeles',
    areaCode: '503',
    places: [
      place('Portland', 'Multnomah', '97204', '97206', '97211', '97217', '97233'),
      place('Gresham', 'Multnomah', '97030', '97080'),
      place('Beaverton', 'Washington', '97005', '97008'),
      place('Oregon City', 'Clackamas', '97045'),
    ],
  },
  laredo: {
    state: 'TX',
    timeZone: 'America/Chicago',
    areaCode: '956',
    places: [
      place('Laredo', 'Webb', '78040', '78041', '78043'),
      place('McAllen', 'Hidalgo', '78501', '78504'),
      place('Edinburg', 'Hidalgo', '78539', '78541'),
      place('Zapata', 'Zapata', '78076'),
    ],
  },
  lowell: {
    state: 'MA',
    timeZone: 'America/New_York',
    areaCode: '978',
    places: [
      place('Lowell', 'Middlesex', '01850', '01851', '01852', '01854'),
      place('Lawrence', 'Essex', '01840', '01841', '01843'),
      place('Haverhill', 'Essex', '01830', '01832'),
      place('Chelmsford', 'Middlesex', '01824'),
    ],
  },
  flagstaff: {
    state: 'AZ',
    timeZone: 'America/Phoenix',
    areaCode: '928',
    places: [
      place('Flagstaff', 'Coconino', '86001', '86004'),
      place('Page', 'Coconino', '86040'),
      place('Tuba City', 'Coconino', '86045'),
      place('Winslow', 'Navajo', '86047'),
    ],
  },
} as const satisfies Record<string, Region>;
export type RegionName = keyof typeof REGIONS;

export const STREETS: readonly string[] = [
  'Quillfeather',
  'Old Tannery',
  'Marlowe Bend',
  'Pinecrest Hollow',
  'Larkspur Gate',
  'Copper Kettle',
  'Wexhaven',
  'Bramblewick',
  'Tallow Creek',
  'Heronsfield',
  'Juniper Switch',
  'Saltgrass',
  'Violet Quarry',
  'Fennimore',
  "Cooper's Landing",
  'Ravenna Mill',
];
export const STREET_KINDS: readonly string[] = ['St', 'Ave', 'Rd', 'Ln', 'Dr', 'Ct', 'Way', 'Blvd'];
