// How many parts an SMS will be sent and billed in. The tables are those of 3GPP 23.038.

const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?'
  + '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const doubled = new Set('\f^{}\\[~]|€');

export interface Count {
  alphabet: 'GSM-7' | 'UCS-2';
  /** units used: septets or UTF-16 units, over all parts */
  units: number;
  parts: number;
  /** units that still fit into the last part */
  left: number;
}

/** Counts a text as the network will. A character of two units never lies across two parts. */
export function count(text: string): Count {
  const gsm = [...text].every((c) => basic.has(c) || doubled.has(c));
  const sizes = [...text].map((c) => gsm ? (doubled.has(c) ? 2 : 1) : c.length);
  const units = sizes.reduce((a, b) => a + b, 0);
  const [single, part] = gsm ? [160, 153] : [70, 67];
  const alphabet = gsm ? 'GSM-7' : 'UCS-2';
  if (units <= single) return { alphabet, units, parts: units ? 1 : 0, left: single - units };
  let parts = 1, used = 0;
  for (const size of sizes) {
    if (used + size > part) { parts++; used = 0; }
    used += size;
  }
  return { alphabet, units, parts, left: part - used };
}
