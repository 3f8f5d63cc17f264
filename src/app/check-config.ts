import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { isCronExpression } from '../polling/schedule.ts';
import { QUANTITY_NAMES } from '../readings/quantity-names.ts';
import { exampleAdvice, isExample } from './example-port.ts';
import { scheduleAdvice } from './schedule-advice.ts';

/**
 * The effective configuration, and what is no fault of it but will be noticed: ports that are not there now, and
 * schedules that cost much battery. Nothing is opened, because a bridge may be using it.
 */
export async function checkConfig(
  file: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly config: Config; readonly warnings: readonly string[] }> {
  const { config } = loadConfig({
    file,
    environment,
    checkCron: isCronExpression,
    quantities: QUANTITY_NAMES,
  });
  const paths = new Set(config.meters.map(({ port }) => port).filter((port) => port.startsWith('/')));
  const warnings = [
    ...(await Promise.all(Array.from(paths, warningOf))),
    ...config.meters.map(scheduleAdvice),
  ];
  return { config, warnings: warnings.filter((warning) => warning !== undefined) };
}

async function warningOf(path: string): Promise<string | undefined> {
  if (isExample(path)) return exampleAdvice(path);
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return undefined;
  } catch (error) {
    const denied = error instanceof Error && 'code' in error && error.code === 'EACCES';
    const what = denied ? 'may not be used by this user' : 'is not there now';
    return `${path} ${what}. \`multical2mqtt ports\` lists what is there; \`run\` will wait for it.`;
  }
}
