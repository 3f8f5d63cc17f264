import { addressFault, certificateKeys } from '../../http/config.ts';
import { ref, text } from '../../schema/fault.ts';
import { type Infer, key, type Validator } from '../../schema/key.ts';
import { anyText, flag } from '../../schema/validators.ts';
import { defineOutput } from '../output.ts';

/** It may hold a token, so no message shows it. */
const webhookUrl: Validator<string> = {
  read: (text) => text.trim(),
  fault: (value) =>
    addressFault(
      value,
      text`a receiver knows the bridge by ${ref('webhook.secret')}, or by a token in the address`,
    ),
};

const keys = {
  enabled: key('Whether each reading is posted to an address.', flag, false),
  url: key('The address, kept secret because it may hold a token.', webhookUrl, '', { secret: true }),
  /** Empty: posts are not signed. */
  secret: key('What each post is signed with; empty: not signed.', anyText, '', { secret: true }),
  ...certificateKeys,
};

export type WebhookConfig = Infer<typeof keys>;

export const webhook = defineOutput({
  name: 'webhook',
  label: 'Webhook',
  noun: 'post',
  keys,
  faults: ({ url }: WebhookConfig) =>
    url === ''
      ? [{ path: 'webhook.url', text: text`must be set, because ${ref('webhook.enabled')} is true` }]
      : [],
});
