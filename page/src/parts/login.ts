import { html, type TemplateResult } from 'lit';
import { post } from '../api.ts';
import { say } from '../say.ts';
import { note } from './note.ts';
import { Part } from './part.ts';

/** Asks for the password, and tells with `done` that it was right. */
class Login extends Part {
  static override properties = { problem: { state: true }, busy: { state: true } };
  declare problem: string;
  declare busy: boolean;

  constructor() {
    super();
    Object.assign(this, { problem: '', busy: false });
  }

  protected override render(): TemplateResult {
    return html`<main class="login"><form class="card" @submit=${this.enter}>
      <h1>multical2mqtt</h1><p>${say('loginHelp')}</p>
      <label class="field"><span>${say('password')}</span>
        <input name="password" type="password" autocomplete="current-password" required autofocus></label>
      <input hidden type="text" name="username" autocomplete="username" value="multical2mqtt">
      <div role="alert">${this.problem === '' ? '' : note('bad', this.problem)}</div>
      <button class="filled" aria-disabled=${this.busy}>${say('logIn')}</button>
    </form></main>`;
  }

  private readonly enter = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy) return;
    const field = this.querySelector<HTMLInputElement>('input[name=password]');
    this.busy = true;
    this.problem = '';
    try {
      await post('session', { password: field?.value ?? '' });
      this.dispatchEvent(new Event('done'));
    } catch (error) {
      this.problem = error instanceof Error ? error.message : String(error);
      field?.select();
    } finally {
      this.busy = false;
    }
  };
}

customElements.define('m2m-login', Login);
