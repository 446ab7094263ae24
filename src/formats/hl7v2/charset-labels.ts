/** Encodings by a label of MSH-18; `detect` where the bytes have to decide. Keys are capital letters and digits only. */
const LABELS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    detect: 'ASCII USASCII ISOIR6 646',
    // The bytes of the wide forms have been brought to UTF-8 before anybody asks.
    'utf-8':
      'UTF8 UNICODE UNICODEUTF8 UNICODEUTF16 UNICODEUTF32 UTF16 UTF16LE UTF16BE UTF32 UTF32LE UTF32BE ISOIR192 AL32UTF8 ISO10646 65001 CP65001',
    // Senders that declare Latin-1 do send the quotes and dashes of windows-1252, which is the same but for control
    // codes that nobody sends. The web's encoding standard does the same, for Latin-5 too.
    'windows-1252': '88591 ISOIR100 LATIN1 L1 ANSI WE8ISO8859P1 WE8MSWIN1252',
    'iso-8859-2': '88592 ISOIR101 LATIN2',
    'iso-8859-3': '88593 ISOIR109 LATIN3',
    'iso-8859-4': '88594 ISOIR110 LATIN4',
    'iso-8859-5': '88595 ISOIR144',
    'iso-8859-6': '88596 ISOIR127',
    'iso-8859-7': '88597 ISOIR126',
    'iso-8859-8': '88598 ISOIR138',
    'windows-1254': '88599 ISOIR148 LATIN5',
    'iso-8859-10': '885910 ISOIR157 LATIN6',
    'iso-8859-11': '885911 ISOIR166 TIS620',
    'iso-8859-13': '885913',
    'iso-8859-14': '885914',
    'iso-8859-15': '885915 ISOIR203 LATIN9',
    'iso-8859-16': '885916',
    'iso-2022-jp': 'ISOIR13 ISOIR14 ISOIR87 ISOIR159 ISO2022JP JISX0201 JISX0202 JISX0208 JISX0212 JAS2020 JP',
    shift_jis: 'SHIFTJIS SJIS CP932 MS932 WINDOWS31J',
    'euc-jp': 'EUCJP',
    gb18030: 'GB18030 GB180302000 GB180302005 GBK GB2312 CP936 ISOIR58',
    cp949: 'KSX1001 KSC5601 EUCKR CP949 UHC ISOIR149',
    big5: 'BIG5 BIG5HKSCS CP950',
    cp437: 'CP437 IBM437 437',
    cp850: 'CP850 IBM850 850',
    cp852: 'CP852 IBM852 852',
    cp866: 'CP866 IBM866 866',
    'koi8-r': 'KOI8R',
  }).flatMap(([name, labels]) => labels.split(' ').map((label) => [label, name] as const)),
);

/**
 * The encoding (as iconv-lite names it) that a label of MSH-18 stands for: every value of HL7 table 0211 but CNS 11643-1992,
 * for which there is no decoder, the names that other standards give the same sets, and however people write them
 * (`8859/1`, `ISO-8859-1`, `iso_8859-1:1987`, `UNICODE UTF-8`, `utf8`, `Cp1252`). `detect`: the label leaves it to the bytes.
 */
export function encodingOfLabel(label: string): string | undefined {
  const key = label
    .toUpperCase()
    .replace(/:\d{4}$/, '')
    .replace(/[^A-Z0-9]/g, '');
  const windows = /^(?:WINDOWS|CP|MS|ANSI)?(125[0-8])$/.exec(key);
  if (windows !== null) return `windows-${windows[1] ?? ''}`;
  return LABELS.get(key) ?? LABELS.get(key.replace(/^ISO(?:IEC)?(?=8859|646)/, ''));
}
