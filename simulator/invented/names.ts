/** A group of people who share where their names come from, with what a registration desk notes about them. */
export interface Origin {
  readonly share: number;
  readonly female: readonly string[];
  readonly male: readonly string[];
  readonly family: readonly string[];
  /** Codes of RACES, with weights. */
  readonly races: readonly (readonly [code: string, weight: number])[];
  readonly hispanic: number;
  /** ISO 639-2/B, with weights. */
  readonly languages: readonly (readonly [code: string, weight: number])[];
  readonly religions: readonly string[];
}

/** Names apart by blanks; an underscore stands for a blank within one. */
const words = (text: string): readonly string[] => text.split(' ').map((word) => word.replace('_', ' '));

/** CDC race codes with the words that NextGen sends in their place. */
export const RACES: Readonly<Record<string, string>> = {
  '2106-3': 'White',
  '2054-5': 'Black or African American',
  '2028-9': 'Asian',
  '1002-5': 'American Indian or Alaska Native',
  '2076-8': 'Native Hawaiian or Other Pacific Islander',
  '2131-1': 'Other Race',
};

export const ETHNICITIES: Readonly<Record<string, string>> = {
  '2135-2': 'Hispanic or Latino',
  '2186-5': 'Not Hispanic or Latino',
};

export const ORIGINS: readonly Origin[] = [
  {
    share: 38,
    female: words(
      'Emma Olivia Abigail Hannah Grace Claire Ruth Margaret Susan Linda Karen Dorothy Megan Julia Alice Ellen',
    ),
    male: words(
      'John James Robert William Henry Walter George Thomas Daniel Ethan Logan Owen Peter Frank Ralph Samuel',
    ),
    family: words(
      "Miller Carter Bennett Whitaker Sullivan O'Brien MacLeod Fletcher Hartley Collins Pruitt Doyle Langford Sorensen Becker Voss St._Clair Thornbury-Hale Ashworth Kessler",
    ),
    races: [
      ['2106-3', 95],
      ['1002-5', 3],
      ['2131-1', 2],
    ],
    hispanic: 0.02,
    languages: [['ENG', 1]],
    religions: ['CHR', 'CAT', 'JEW', 'OTH', ''],
  },
  {
    share: 19,
    female: words('María Lucía Sofía Valentina Guadalupe Rosa Elena Carmen Ximena Beatriz Inés Marisol'),
    male: words('José Luis Carlos Ángel Mateo Diego Raúl Andrés Joaquín Héctor Ramón Santiago'),
    family: words('García Hernández Martínez Ramírez Núñez Castañeda Ortiz Villalobos Peña Quintero Ibarra Zúñiga'),
    races: [
      ['2106-3', 55],
      ['2131-1', 38],
      ['1002-5', 4],
      ['2054-5', 3],
    ],
    hispanic: 0.97,
    languages: [
      ['SPA', 6],
      ['ENG', 4],
    ],
    religions: ['CAT', 'CAT', 'CHR', ''],
  },
  {
    share: 13,
    female: words('Aaliyah Imani Denise Tamika Nia Monique Keisha Simone Brianna Latoya Gloria Zora'),
    male: words('Malik Terrence Jamal Darius Andre Isaiah Marcus Cedric Tyrone Xavier Clarence Elijah'),
    family: words('Washington Freeman Banks Gaines Dorsey Mosley Whitfield Rivers Hollis Broadnax Tillman Pettway'),
    races: [
      ['2054-5', 96],
      ['2131-1', 4],
    ],
    hispanic: 0.03,
    languages: [['ENG', 1]],
    religions: ['CHR', 'CHR', 'MOS', ''],
  },
  {
    share: 5,
    female: words('Mei Xiu Lan Jing Yan Hui'),
    male: words('Wei Jun Hao Lei Ming Bo'),
    family: words('Chen Wang Zhang Liu Huang Zhou'),
    races: [['2028-9', 1]],
    hispanic: 0,
    languages: [
      ['CHI', 6],
      ['ENG', 4],
    ],
    religions: ['BUD', '', 'CHR'],
  },
  {
    share: 4,
    female: words('Linh Thảo Hương Mai Ngọc'),
    male: words('Minh Đức Tuấn Hùng Quang'),
    family: words('Nguyễn Trần Phạm Đặng Vũ'),
    races: [['2028-9', 1]],
    hispanic: 0,
    languages: [
      ['VIE', 7],
      ['ENG', 3],
    ],
    religions: ['BUD', 'CAT', ''],
  },
  {
    share: 5,
    female: words('Priya Anjali Kavita Deepa Lakshmi Meera'),
    male: words('Raj Arjun Vikram Sanjay Rohan Anil'),
    family: words('Patel Sharma Iyer Reddy Banerjee Kulkarni'),
    races: [['2028-9', 1]],
    hispanic: 0,
    languages: [
      ['ENG', 6],
      ['HIN', 4],
    ],
    religions: ['HIN', 'HIN', 'MOS', 'CHR'],
  },
  {
    share: 3,
    female: words('Layla Fatima Yasmin Salma Noor'),
    male: words('Omar Khalid Yusuf Hassan Tariq'),
    family: words('Haddad Al-Masri Khoury El-Amin Nasser'),
    races: [['2106-3', 1]],
    hispanic: 0,
    languages: [
      ['ARA', 6],
      ['ENG', 4],
    ],
    religions: ['MOS', 'CHR'],
  },
  {
    share: 3,
    female: words('Amihan Corazon Lourdes Jasmine Tala'),
    male: words('Crisanto Benjie Rodrigo Emilio Dante'),
    family: words('Dimaculangan Bautista Macaraeg Salonga dela_Cruz'),
    races: [
      ['2028-9', 9],
      ['2076-8', 1],
    ],
    hispanic: 0.05,
    languages: [
      ['TGL', 5],
      ['ENG', 5],
    ],
    religions: ['CAT', 'CHR'],
  },
  {
    share: 3,
    female: words('Oksana Irina Małgorzata Zofia Svitlana'),
    male: words('Dmytro Paweł Ivan Łukasz Sergei'),
    family: words('Kowalczyk Shevchenko Wiśniewski Petrov Bondarenko'),
    races: [['2106-3', 1]],
    hispanic: 0,
    languages: [
      ['POL', 3],
      ['UKR', 3],
      ['RUS', 2],
      ['ENG', 4],
    ],
    religions: ['CAT', 'CHR', ''],
  },
  {
    share: 3,
    female: words('Amara Hodan Tsehay Wanjiru Fanta'),
    male: words('Kwame Abdi Tesfaye Chidi Mamadou'),
    family: words('Okafor Warsame Bekele Mensah Diallo'),
    races: [['2054-5', 1]],
    hispanic: 0,
    languages: [
      ['SOM', 3],
      ['AMH', 3],
      ['ENG', 5],
    ],
    religions: ['MOS', 'CHR'],
  },
  {
    share: 2,
    female: words('Ji-woo Soo-jin Hye-rin'),
    male: words('Min-jun Sung-ho Tae-hyun'),
    family: words('Kim Park Choi Yoon'),
    races: [['2028-9', 1]],
    hispanic: 0,
    languages: [
      ['KOR', 6],
      ['ENG', 4],
    ],
    religions: ['CHR', 'BUD', ''],
  },
  {
    share: 1,
    female: words('Aiyana Winona Leilani'),
    male: words('Ahanu Keoni Dyami'),
    family: words('Begay Tsosie Kealoha Redcloud'),
    races: [
      ['1002-5', 7],
      ['2076-8', 3],
    ],
    hispanic: 0.03,
    languages: [['ENG', 1]],
    religions: ['', 'CHR'],
  },
  {
    share: 1,
    female: words('Marie-Ange Fabienne Rose-Laure'),
    male: words('Jean-Robert Wilner Frantz'),
    family: words('Désir Toussaint-Pierre Baptiste'),
    races: [['2054-5', 1]],
    hispanic: 0,
    languages: [
      ['HAT', 7],
      ['ENG', 3],
    ],
    religions: ['CAT', 'CHR'],
  },
];
