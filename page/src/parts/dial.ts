import { html, type TemplateResult } from 'lit';
import { say } from '../say.ts';

/** Of the circle; the rest is open at the bottom. */
const SPAN = 0.75;
const RADIUS = 84;
const LENGTH = 2 * Math.PI * RADIUS;

/** To be seen from an arm's length and through wet glasses: how many of the last requests were answered. */
export function dial(answered: number, asked: number, mark: 'good' | 'warn' | 'bad'): TemplateResult {
  const share = asked === 0 ? 0 : answered / asked;
  const whole = `${LENGTH * SPAN} ${LENGTH}`;
  const part = `${LENGTH * SPAN * share} ${LENGTH}`;
  return html`<div class="dial ${mark}">
    <svg viewBox="0 0 200 190" role="img" aria-label="${say('answersOf', { answered: String(answered), asked: String(asked) })} ${say('answers')}">
      <g transform="rotate(135 100 100)">
        <circle class="track" cx="100" cy="100" r=${RADIUS} stroke-dasharray=${whole}></circle>
        <circle class="part" cx="100" cy="100" r=${RADIUS} stroke-dasharray=${part}></circle>
      </g>
      <text x="100" y="112" class="count">${answered}</text>
      <text x="100" y="138" class="of">${say('answersOf', { answered: String(answered), asked: String(asked) })}</text>
      <text x="100" y="184" class="what">${say('answers')}</text>
    </svg></div>`;
}
