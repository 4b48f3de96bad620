/**
 * Writes a name into the statement, in the place of what is selected there; a space keeps it apart from a word before
 * it. The editor takes up what is written into its textarea.
 */
export function insertText(text: string): boolean {
  const field = document.querySelector<HTMLTextAreaElement>('textarea[name=sql]');
  if (field === null) return false;
  const { selectionStart: from, selectionEnd: to, value } = field;
  const apart = /[\w"`)]/.test(value.charAt(from - 1)) ? ' ' : '';
  field.setRangeText(apart + text, from, to, 'end');
  field.dispatchEvent(new Event('input', { bubbles: true }));
  return true;
}
