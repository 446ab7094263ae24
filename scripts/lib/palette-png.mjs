// Turns a picture of a page (PNG, 8 bits a channel) into one with a palette of 256 colours: a third of the size, and on
// pages of flat colours no difference to see. PNG specification (third edition), sections 9 (filters) and 11 (chunks).
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);

/** The picture with a palette; unchanged when it is of another kind than browsers make. */
export function toPalette(png) {
  const { width, height, channels, data } = decode(png);
  if (channels === 0) return png;
  const counts = new Map();
  for (let at = 0; at < data.length; at += channels) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const colours = paletteOf([...counts].toSorted((left, right) => right[1] - left[1]).map(([colour]) => colour));
  const index = new Map(colours.map((colour, at) => [colour, at]));
  const nearest = (colour) => {
    const known = index.get(colour);
    if (known !== undefined) return known;
    let best = 0;
    let distance = Infinity;
    for (let at = 0; at < colours.length; at++) {
      const red = (colours[at] >> 16) - (colour >> 16);
      const green = ((colours[at] >> 8) & 255) - ((colour >> 8) & 255);
      const blue = (colours[at] & 255) - (colour & 255);
      const now = red * red * 2 + green * green * 4 + blue * blue;
      if (now < distance) [best, distance] = [at, now];
    }
    index.set(colour, best);
    return best;
  };
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      rows[y * (width + 1) + 1 + x] = nearest((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]);
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const table = Buffer.from(colours.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', table),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * 256 of the colours, most frequent first: one from each corner of the colour space that is used at all, so that a few red
 * words stay red among many greys, then the most frequent of the rest.
 */
function paletteOf(byFrequency) {
  const corners = new Map();
  for (const colour of byFrequency) {
    const corner = colour & 0xe0e0e0;
    if (!corners.has(corner)) corners.set(corner, []);
    if (corners.get(corner).length < 4) corners.get(corner).push(colour);
  }
  const chosen = new Set([...corners.values()].flat().slice(0, 200));
  for (const colour of byFrequency) {
    if (chosen.size === 256) break;
    chosen.add(colour);
  }
  return [...chosen];
}

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function decode(png) {
  const parts = [];
  let [width, height, depth, type, interlaced] = [0, 0, 0, 0, 0];
  for (let at = 8; at < png.length;) {
    const length = png.readUInt32BE(at);
    const name = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (name === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      [depth, type, interlaced] = [body[8], body[9], body[12]];
    }
    if (name === 'IDAT') parts.push(body);
    at += 12 + length;
  }
  const channels = type === 6 ? 4 : type === 2 ? 3 : 0;
  if (depth !== 8 || channels === 0 || interlaced !== 0) return { width, height, channels: 0, data: png };
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const data = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)];
    const from = y * (stride + 1) + 1;
    const to = y * stride;
    for (let x = 0; x < stride; x++) {
      const left = x >= channels ? data[to + x - channels] : 0;
      const above = y > 0 ? data[to + x - stride] : 0;
      const corner = x >= channels && y > 0 ? data[to + x - stride - channels] : 0;
      data[to + x] = raw[from + x] + predicted(filter, left, above, corner);
    }
  }
  return { width, height, channels, data };
}

function predicted(filter, left, above, corner) {
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  if (filter !== 4) return 0;
  const base = left + above - corner;
  const [toLeft, toAbove, toCorner] = [Math.abs(base - left), Math.abs(base - above), Math.abs(base - corner)];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
