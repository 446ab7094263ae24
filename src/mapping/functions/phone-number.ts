import parsePhoneNumber, { type CountryCode, isSupportedCountry } from 'libphonenumber-js/min';

/** Countries of the North American Numbering Plan whose numbers are dialled alike. */
const NORTH_AMERICA = new Set(['US', 'CA', 'PR', 'VI', 'GU', 'AS', 'MP']);
const MAX_CACHED = 20_000;

/**
 * A function that brings a telephone number to E.164 with `;ext=` (RFC 3966), gives `''` for a placeholder and undefined
 * for what is no complete number. Numbers are judged by their length and shape and not by whether the area code is in
 * use: lists of those are always behind.
 *
 * @throws Error for a country that has no numbering plan.
 */
export function createPhoneNormalizer(country: string): (text: string) => string | undefined {
  if (!isSupportedCountry(country)) throw new Error(`"${country}" is not a country with telephone numbers.`);
  const northAmerica = NORTH_AMERICA.has(country);
  const cache = new Map<string, string | undefined>();
  return (text) => {
    if (northAmerica) {
      const fast = northAmerican(text);
      if (fast !== undefined) return fast;
    }
    if (cache.has(text)) return cache.get(text);
    const result = normalize(text, country);
    if (cache.size >= MAX_CACHED) cache.clear();
    cache.set(text, result);
    return result;
  };
}

/** The common case without a library: ten digits, or eleven with a leading 1, and the usual marks between them. */
function northAmerican(text: string): string | undefined {
  let digits = '';
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x30 && code <= 0x39) {
      digits += text[i];
      if (digits.length > 11) return undefined;
    } else if (code !== 0x20 && code !== 0x28 && code !== 0x29 && code !== 0x2d && code !== 0x2e && code !== 0x2f) {
      // Anything but blank ( ) - . / and a plus in front is for the library.
      if (code !== 0x2b || i !== 0) return undefined;
    }
  }
  if (digits.length === 11 && digits.startsWith('1')) digits = digits.slice(1);
  else if (text.startsWith('+')) return undefined;
  if (digits.length !== 10) return undefined;
  // No area code begins with 0 or 1 (NANPA); such digits are something else.
  if (digits.charCodeAt(0) < 0x32 || isOneDigit(digits)) return undefined;
  return `+1${digits}`;
}

function normalize(text: string, country: CountryCode): string | undefined {
  const digits = text.replace(/\D/gu, '');
  if (
    digits === ''
      ? /^[\s().-]*$|^(none|n\/?a|unknown|unk|no phone|declined|refused)\.?$/iu.test(text.trim())
      : isOneDigit(digits)
  ) {
    return '';
  }
  const extension = /[\s,;]*(?:x|ext(?:ension|n)?|#)[.:=\s]*(\d{1,8})\s*$/iu.exec(text);
  const main = extension === null ? text : text.slice(0, extension.index);
  if (/\p{L}/u.test(main)) return undefined;
  const plain = NORTH_AMERICA.has(country) ? northAmerican(main.trim()) : undefined;
  let number: string | undefined = plain;
  if (number === undefined) {
    const parsed = parsePhoneNumber(main, { defaultCountry: country, extract: false });
    if (parsed === undefined || !parsed.isPossible()) return undefined;
    // Local numbers without their area code are "possible" in some plans, but reach nobody from elsewhere.
    if (parsed.countryCallingCode === '1' && !/^[2-9]\d{9}$/u.test(parsed.nationalNumber)) return undefined;
    number = parsed.number;
  }
  return extension === null ? number : `${number};ext=${extension[1]}`;
}

function isOneDigit(digits: string): boolean {
  for (let i = 1; i < digits.length; i++) if (digits[i] !== digits[0]) return false;
  return true;
}
