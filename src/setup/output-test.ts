import { constants, existsSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { Config } from '../config/keys.ts';
import { inspectConfig } from '../config/load.ts';
import { OUTPUTS } from '../outputs/all.ts';
import { sentenceOf } from '../shared/errors.ts';
import type { Fields } from '../shared/stored.ts';

export type TestedOutput =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly why: string };

/** Knocks where the output is to deliver, without leaving anything there. `content`: the whole configuration. */
export async function testOutput(name: string, path: string, content: Fields): Promise<TestedOutput> {
  const { loaded, problems } = inspectConfig({ file: path, content, environment: {} });
  const own = problems.filter((problem) => problem.startsWith(`${name}.`));
  if (own.length > 0) return { ok: false, why: `${own.join('\n')}.` };
  // What is wrong elsewhere is told where that is asked about.
  if (loaded === undefined) return { ok: true, text: 'It is taken as it is.' };
  const output = OUTPUTS.find((one) => one.name === name);
  try {
    await OWN_TESTS[name]?.(loaded.config);
    const text = await output?.reach(loaded.config);
    return { ok: true, text: `${text ?? 'All is well there'}.` };
  } catch (error) {
    return { ok: false, why: sentenceOf(error) };
  }
}

/** Of outputs that have no server of somebody else's. */
const OWN_TESTS: Readonly<Record<string, (config: Config) => Promise<void>>> = {
  csv: ({ csv }) => mayWrite(resolve(csv.directory)),
  metrics: ({ metrics }) => mayListen(metrics.host, metrics.port),
};

/** Into a folder that the program would make, if need be. */
async function mayWrite(folder: string): Promise<void> {
  if (!existsSync(folder) && dirname(folder) !== folder) return mayWrite(dirname(folder));
  await access(folder, constants.W_OK | constants.X_OK).catch(() => {
    throw new Error(`This user may not write into ${folder}`);
  });
}

function mayListen(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Error(`Another program uses port ${port} at ${host}; choose another port`)
          : error,
      ),
    );
    server.listen({ host, port }, () => server.close(() => resolve()));
  });
}
