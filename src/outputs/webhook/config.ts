import { defineOutput } from '../output.ts';

export interface WebhookConfig {
  readonly enabled: boolean;
  readonly url: string;
  /** Empty: posts are not signed. */
  readonly secret: string;
  /** Path of a PEM file with a certificate authority; empty: those that Node knows. */
  readonly ca: string;
  readonly rejectUnauthorized: boolean;
}

export const webhook = defineOutput({ name: 'webhook', label: 'Webhook', noun: 'post' });
