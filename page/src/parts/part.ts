import { LitElement } from 'lit';

/** A part of the page, drawn into the document itself: one style sheet for all, and labels reach what they label. */
export abstract class Part extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }
}
