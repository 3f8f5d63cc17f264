import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SupervisorClient, supervisorOf } from '../addon/supervisor-client.ts';
import { addonOptionsWith, type NewMeter } from '../config/addon-meter.ts';
import { findConfigFile, readConfigFile, supervisorOptionsIn, systemFolder } from '../config/config-file.ts';
import { type ConfigRequest, type Inspection, inspectConfig, type LoadedConfig } from '../config/load.ts';
import type { MeterAnswers } from '../setup/answers.ts';
import { planned } from '../setup/plan.ts';
import { save } from '../setup/save.ts';
import { type Target, targetOf } from '../setup/target.ts';
import { sentenceOf } from '../shared/errors.ts';
import { type Fields, fieldsOf } from '../shared/stored.ts';

/** With what this program was started. */
export type ConfigOrigin = Pick<ConfigRequest, 'file' | 'environment' | 'overrides'>;

/** Where a set-up on the page writes a meter. */
export interface SetupTarget {
  readonly kind: 'file' | 'addon';
  /** Why nobody can write there, in words; null: it can be tried. */
  problem(): string | null;
  /** The configuration as it is from now on; or what is against it, in words. Throws where it cannot be written. */
  add(meter: NewMeter): Promise<LoadedConfig | readonly string[]>;
}

/** A file of our own: everything else in it stays. */
export class FileTarget implements SetupTarget {
  readonly kind = 'file';
  private readonly origin: ConfigOrigin;

  constructor(origin: ConfigOrigin) {
    this.origin = origin;
  }

  problem(): string | null {
    try {
      const { path, from } = this.target();
      if (mayWrite(path)) return null;
      const begun = from === null ? 'The configuration comes from the environment alone, and ' : '';
      return `${begun}${path} cannot be written by this program. Let its user write there, or add the meter by hand and start the bridge anew.`;
    } catch (error) {
      return sentenceOf(error);
    }
  }

  async add(meter: NewMeter): Promise<LoadedConfig | readonly string[]> {
    const { name, port, baudRate, schedule, mainsPowered } = meter;
    const target = this.target();
    const powering = mainsPowered ? 'mains' : 'battery';
    const speed = baudRate === undefined ? {} : { baudRate };
    const answers: MeterAnswers = { of: null, name, port, powering, schedule, ...speed };
    const content = planned(target.current, { meters: [answers], outputs: {} });
    const checked = inspectConfig({ ...this.origin, content });
    if (checked.loaded === undefined) return checked.problems;
    if (!hasMeter(checked, meter)) return [NAMED_ELSEWHERE];
    save(target, content);
    return checked.loaded;
  }

  private target(): Target {
    const { file, environment } = this.origin;
    return targetOf({ file, environment, directory: process.cwd() });
  }
}

const NAMED_ELSEWHERE =
  'The environment (METER_PORT and the like) or the command line (--port) names the one meter of this bridge. Put that meter into a configuration file first; then others can be added here.';

/** What environment and command line say of a single meter would count for this one. */
function hasMeter({ meters }: Inspection, { name, port }: NewMeter): boolean {
  return meters.some((one) => one.name === name && one.port === port);
}

/** Written anew beside it and renamed: the folder must let us, too. */
function mayWrite(path: string): boolean {
  try {
    if (existsSync(path)) accessSync(path, constants.W_OK);
    let folder = dirname(path);
    while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The add-on's form, through the Supervisor, which writes it to where we read it at the next start only. */
export class AddonTarget implements SetupTarget {
  readonly kind = 'addon';
  private readonly origin: ConfigOrigin;
  private readonly supervisor: SupervisorClient;
  /** As this run has them: secrets in place of the references to them. Undefined: as they were at the start. */
  private options: Fields | undefined;

  constructor(origin: ConfigOrigin, supervisor = supervisorOf(origin.environment)) {
    this.origin = origin;
    this.supervisor = supervisor;
  }

  problem(): null {
    return null;
  }

  async add(meter: NewMeter): Promise<LoadedConfig | readonly string[]> {
    const here = addonOptionsWith(this.options ?? this.optionsAtStart(), meter);
    const checked = inspectConfig({ ...this.origin, content: here });
    if (checked.loaded === undefined) return checked.problems;
    // Whoever has closed the page meanwhile wanted it all the same.
    const { signal } = new AbortController();
    const saved = await this.supervisor.ownOptions(signal);
    const next = addonOptionsWith(saved, meter);
    const known = this.problemsOf(saved);
    const problems = this.problemsOf(next).filter((problem) => !known.includes(problem));
    if (problems.length > 0) return problems;
    await this.supervisor.saveOwnOptions(next, signal);
    this.options = here;
    return checked.loaded;
  }

  private problemsOf(options: Fields): readonly string[] {
    return inspectConfig({ ...this.origin, content: options }).problems;
  }

  private optionsAtStart(): Fields {
    const { file, environment } = this.origin;
    const found = findConfigFile({
      file,
      environment,
      supervisorOptions: supervisorOptionsIn(environment),
      directory: process.cwd(),
      systemFolder: systemFolder(environment),
    });
    const read = found.file === null ? { value: {} } : readConfigFile(found.file);
    if ('problem' in read) throw new Error(read.problem);
    return fieldsOf(read.value);
  }
}
