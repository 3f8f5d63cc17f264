import { LANGUAGES, type Language } from '../catalogue/texts/languages.ts';
import { fieldsOf } from '../shared/stored.ts';
import { type SupervisorClient, supervisorOf } from './supervisor-client.ts';

/**
 * Answers to what is asked of the Supervisor once, and again until it answers. Each is undefined where it does not tell
 * that, and never will in this run.
 */
export interface Surroundings {
  /** Where Home Assistant's own pages show ours. */
  readonly page: (signal: AbortSignal) => Promise<string | undefined>;
  /** Home Assistant's own. */
  readonly language: (signal: AbortSignal) => Promise<Language | undefined>;
}

/** What is around the add-on. */
export function surroundingsOf(environment: Readonly<Record<string, string | undefined>>): Surroundings {
  const supervisor = supervisorOf(environment);
  return {
    page: (signal) => ingressPage(supervisor, signal),
    language: (signal) => ownLanguage(supervisor, signal),
  };
}

/** The address was another one before add-ons were called apps, and the old one leads nowhere since. */
async function ingressPage(supervisor: SupervisorClient, signal: AbortSignal): Promise<string | undefined> {
  const { slug } = fieldsOf(await supervisor.info('self', signal));
  if (typeof slug !== 'string' || !/^[-_.A-Za-z0-9]+$/.test(slug)) return undefined;
  const { homeassistant: version } = fieldsOf(await supervisor.info('system', signal));
  const [, year = 0, month = 0] = /^(\d{4})\.(\d{1,2})\./.exec(String(version))?.map(Number) ?? [];
  const isOld = year > 0 && (year < 2026 || (year === 2026 && month < 2));
  return `homeassistant://${isOld ? 'hassio/ingress' : 'app'}/${slug}`;
}

/** English where we do not speak it. Undefined where Home Assistant does not say. */
async function ownLanguage(supervisor: SupervisorClient, signal: AbortSignal): Promise<Language | undefined> {
  const { language: tag } = fieldsOf(await supervisor.info('core', signal));
  if (typeof tag !== 'string') return undefined;
  const [first] = tag.toLowerCase().split(/[-_]/);
  return LANGUAGES.find((language) => language === first) ?? 'en';
}
