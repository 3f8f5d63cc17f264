import { spawnSync } from 'node:child_process';
import { TOOL_PATH } from '../../../support/has-tool.ts';

/** What `promtool check metrics` has to say about a scrape; empty where it has no complaint. */
export function lintMetrics(text: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
    input: text,
    encoding: 'utf8',
    env: { ...process.env, PATH: TOOL_PATH },
  });
  const said = `${stdout}${stderr}`.trim();
  return status === 0 ? said : said || `promtool ended with ${status}`;
}
