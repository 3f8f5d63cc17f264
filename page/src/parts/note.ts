import {
  mdiAlertCircleOutline,
  mdiAlertOutline,
  mdiCheckCircleOutline,
  mdiInformationOutline,
} from '@mdi/js';
import { html, type TemplateResult } from 'lit';
import { icon } from './icon.ts';

const ICONS = {
  bad: mdiAlertCircleOutline,
  warn: mdiAlertOutline,
  info: mdiInformationOutline,
  good: mdiCheckCircleOutline,
};

/** A sentence that should not be missed. */
export function note(kind: keyof typeof ICONS, text: unknown, title = ''): TemplateResult {
  return html`<div class="note ${kind}">${icon(ICONS[kind])}<div>
    ${title === '' ? '' : html`<strong>${title}</strong>`}<p>${text}</p></div></div>`;
}
