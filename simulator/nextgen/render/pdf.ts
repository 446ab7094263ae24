/**
 * A PDF of one page that a viewer opens, the same for the same words. Where more bytes are asked for than that takes, the
 * rest is comment, so that a large document costs no more thought than a small one.
 */
export function pdfOf(lines: readonly string[], leastBytes: number): Buffer {
  const shown = lines.slice(0, 48).map(
    (line) =>
      `(${line
        .normalize('NFD')
        .replace(/[^ -~]/g, '')
        .replace(/[\\()]/g, '\\$&')}) Tj T*`,
  );
  const content = `BT /F1 11 Tf 14 TL 60 740 Td\n${shown.join('\n')}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>',
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
  let body = '%PDF-1.4\n';
  const offsets: number[] = [];
  for (const [at, object] of objects.entries()) {
    offsets.push(body.length);
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
  }
  const missing = leastBytes - body.length - 300;
  if (missing > 0) body += `%${'0123456789abcdef'.repeat(4)}\n`.repeat(Math.ceil(missing / 66));
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  const count = objects.length + 1;
  const end = `xref\n0 ${count}\n0000000000 65535 f \n${table}trailer\n<< /Size ${count} /Root 1 0 R >>\nstartxref\n${body.length}\n%%EOF\n`;
  return Buffer.from(body + end, 'latin1');
}

/** An OBX-5 of type ED with a PDF in it. */
export function embedded(pdf: Buffer): string {
  return `^application^pdf^Base64^${pdf.toString('base64')}`;
}
