import 'htmx.org';
import { keepDrafts } from './drafts.js';
import { copyButtons, goingSelects, menus, openDialog, themeSwitch } from './controls.js';
import { editors } from './editors.js';
import { runs } from './runs.js';
import { busyForms, keepFocus, sayUnreachable, wideCells } from './swaps.js';

themeSwitch();
menus();
copyButtons();
goingSelects();
openDialog();
keepDrafts();
editors();
runs();
busyForms();
keepFocus();
sayUnreachable();
wideCells();
