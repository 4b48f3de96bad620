import { formatCount } from '../../../platform/http/view-helpers.js';
import { isArranged } from './arrangement.js';
import type { View } from './result-reader.js';

/** The form that exports a result: template `workbench/_file-form`. */
export interface ExportFormView {
  readonly action: string;
  readonly scopes: readonly { readonly value: string; readonly label: string; readonly checked: boolean }[];
  readonly formats: readonly { readonly value: string; readonly label: string }[];
  /** The view that is exported, field by field. */
  readonly fields: readonly { readonly name: string; readonly value: string }[];
}

export interface Exportable {
  readonly read: number;
  readonly complete: boolean;
  /** Its statement can run again on its own. */
  readonly repeatable: boolean;
}

const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'json', label: 'JSON' },
  { value: 'ndjson', label: 'NDJSON, an object a line' },
  { value: 'sql', label: 'SQL INSERT' },
  { value: 'xlsx', label: 'Excel (XLSX)' },
] as const;

export function exportForm(
  href: string,
  view: View,
  { read, complete, repeatable }: Exportable,
  total: number,
): ExportFormView {
  const shown = `The ${formatCount(total, 'row')} shown${isArranged(view) ? ', as sorted and filtered' : ''}`;
  const scopes = [{ value: 'shown', label: shown, checked: true }];
  if (read > view.shown) {
    scopes.push({ value: 'read', label: `All ${formatCount(read, 'row')} that were read`, checked: false });
  }
  if (!complete && repeatable) {
    scopes.push({ value: 'all', label: 'Everything: runs the statement again', checked: false });
  }
  return { action: `${href}/export`, scopes, formats: FORMATS, fields: fieldsOf(view) };
}

function fieldsOf({ shown, sort, filter }: View): { name: string; value: string }[] {
  const fields = [{ name: 'shown', value: String(shown) }];
  if (sort !== null) {
    fields.push({ name: 'sort', value: String(sort.column) });
    fields.push({ name: 'dir', value: sort.descending ? 'desc' : 'asc' });
  }
  if (filter !== null) {
    if (filter.column !== null) fields.push({ name: 'column', value: String(filter.column) });
    fields.push({ name: 'op', value: filter.operator }, { name: 'value', value: filter.value });
  }
  return fields;
}
