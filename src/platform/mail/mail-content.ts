/** What a mail says. Every mail of the product has this shape, so that all of them look alike in text and in HTML. */
export interface MailContent {
  readonly subject: string;
  readonly heading: string;
  /** Plain sentences; markup in them is shown as it stands. */
  readonly paragraphs: readonly string[];
  /** The one thing to do. */
  readonly action?: { readonly label: string; readonly url: string };
  readonly facts?: readonly { readonly label: string; readonly value: string }[];
  /** Why this came and what to do when it was not expected. */
  readonly footer: string;
}

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

const WIDTH = 72;
const SANS = "-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif";
const TEXT = `font:15px/1.5 ${SANS};color:#1d2735`;

/** Dark colours for the clients that honour a style element; the others show the light ones, which stand inline. */
const DARK = `@media (prefers-color-scheme:dark){.page{background:#12161d!important}.sheet{background:#1a202a!important;border-color:#38414f!important}.ink{color:#e6eaf0!important}.soft{color:#a9b3c1!important}}`;

export function renderMail(content: MailContent): RenderedMail {
  return { subject: oneLine(content.subject), text: textOf(content), html: htmlOf(content) };
}

function textOf({ heading, paragraphs, action, facts = [], footer }: MailContent): string {
  const blocks = [
    `${heading}\n${'='.repeat(Math.min(heading.length, WIDTH))}`,
    ...paragraphs.map(wrapped),
    ...(facts.length === 0 ? [] : [facts.map(({ label, value }) => `${label}: ${value}`).join('\n')]),
    ...(action === undefined ? [] : [`${action.label}:\n${action.url}`]),
    `--\n${wrapped(footer)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Tables and inline styles, because that is what mail programs understand. */
function htmlOf({ subject, heading, paragraphs, action, facts = [], footer }: MailContent): string {
  const first = paragraphs[0] ?? heading;
  const parts = [
    `<h1 class="ink" style="margin:0 0 16px;font:600 20px/1.3 ${SANS};color:#1d2735">${escaped(heading)}</h1>`,
    ...paragraphs.map((text) => `<p class="ink" style="margin:0 0 16px;${TEXT}">${escaped(text)}</p>`),
    facts.length === 0 ? '' : factsOf(facts),
    action === undefined ? '' : actionOf(action),
    `<p class="soft" style="margin:24px 0 0;font:13px/1.5 ${SANS};color:#556274">${escaped(footer)}</p>`,
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(subject)}</title>
<style>${DARK}</style>
</head>
<body class="page" style="margin:0;padding:0;background:#f4f6f8">
<div style="display:none;max-height:0;overflow:hidden">${escaped(first)}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="background:#f4f6f8"><tr><td align="center" style="padding:32px 16px">
<table role="presentation" class="sheet" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid #d9dfe6;border-radius:8px"><tr><td style="padding:28px">
<p class="soft" style="margin:0 0 20px;font:600 13px/1.4 ${SANS};color:#556274">CloudDB Manager</p>
${parts.filter((part) => part !== '').join('\n')}
</td></tr></table>
</td></tr></table>
</body>
</html>
`;
}

function actionOf({ label, url }: { label: string; url: string }): string {
  const address = escaped(url);
  return `<p style="margin:24px 0"><a href="${address}" style="display:inline-block;padding:11px 20px;border-radius:6px;background:#2456b3;color:#ffffff;font:600 15px/1.2 ${SANS};text-decoration:none">${escaped(label)}</a></p>
<p class="soft" style="margin:0;font:13px/1.5 ${SANS};color:#556274;word-break:break-all">Or open this address: ${address}</p>`;
}

function factsOf(facts: readonly { readonly label: string; readonly value: string }[]): string {
  const rows = facts.map(
    ({ label, value }) =>
      `<tr><td class="soft" style="padding:3px 16px 3px 0;font:13px/1.5 ${SANS};color:#556274;vertical-align:top">${escaped(label)}</td><td class="ink" style="padding:3px 0;font:13px/1.5 ${SANS};color:#1d2735">${escaped(value)}</td></tr>`,
  );
  return `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:0 0 16px">${rows.join('')}</table>`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}

/** A subject is one header line, whatever somebody called their organisation. */
function oneLine(text: string): string {
  const line = text.replace(/\p{C}+/gu, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
}

function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    if (line !== '' && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
