import { renderMail, type MailContent } from './mail-content.js';

const content: MailContent = {
  subject: 'Verify your address',
  heading: 'Verify your address',
  paragraphs: ['Somebody, most likely you, made an account with this address. '.repeat(3).trim()],
  facts: [{ label: 'Organisation', value: 'Acme & Söhne' }],
  action: { label: 'Verify', url: 'https://db.example.com/auth/verify?token=a&b="c"' },
  footer: 'If it was not you, do nothing.',
};

it('says the same in text and in HTML', () => {
  const { text, html } = renderMail(content);
  for (const words of ['Verify your address', 'Organisation', 'If it was not you, do nothing.']) {
    expect(text).toContain(words);
    expect(html).toContain(words);
  }
  expect(text).toContain('Verify:\nhttps://db.example.com/auth/verify?token=a&b="c"\n');
  expect(html).toContain('href="https://db.example.com/auth/verify?token=a&amp;b=&quot;c&quot;"');
  expect(text.split('\n').every((line) => line.length <= 72)).toBe(true);
});

it('shows what people typed as text', () => {
  const evil = '<img src=x onerror=alert(1)>"\'';
  const { html } = renderMail({ ...content, heading: evil, paragraphs: [evil], subject: evil, footer: evil });
  expect(html).not.toContain('<img');
  expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;');
});

it('keeps a subject in one line, whatever stands in it', () => {
  const { subject } = renderMail({ ...content, subject: 'Join\r\nBcc: all@example.com\0now' });
  expect(subject).toBe('Join Bcc: all@example.com now');
  expect(renderMail({ ...content, subject: 'x'.repeat(500) }).subject).toHaveLength(200);
});
