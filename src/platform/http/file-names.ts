const LONGEST = 100;
/** Names that Windows keeps for devices, whatever follows them after a dot. */
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
/** What no file system and no person needs in a name: control and formatting characters, and what separates paths. */
const REFUSED = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\u2028\u2029/\\:*?"<>|]/gu;

/** A name for a file that is safe everywhere, from whatever somebody called a thing. */
export function safeFileName(label: string, extension: string): string {
  const cleaned = label
    .normalize('NFC')
    .replace(REFUSED, ' ')
    .trim()
    .replace(/\s+/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '');
  const short = Array.from(cleaned).slice(0, LONGEST).join('');
  const name = short === '' ? 'file' : short;
  return `${DEVICES.test(name) ? `_${name}` : name}.${extension}`;
}

/** RFC 6266: plain ASCII for everybody, and the name itself for those who read it. */
export function attachment(name: string): string {
  const ascii = name.normalize('NFKD').replace(/[^\w.-]+/g, '_');
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return ascii === name
    ? `attachment; filename="${ascii}"`
    : `attachment; filename="${ascii}"; filename*=UTF-8''${exact}`;
}
