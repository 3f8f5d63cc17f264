import { html, type TemplateResult } from 'lit';

/** A Material Design icon; what it means stands beside it as text. */
export function icon(path: string, style = ''): TemplateResult {
  return html`<svg class="icon ${style}" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${path}></path></svg>`;
}
