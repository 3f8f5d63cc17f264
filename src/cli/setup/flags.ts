import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { configKeys } from '../../config/keys.ts';
import { environmentTexts, secretTexts } from '../../config/sources.ts';
import { PRESETS, scheduleList } from '../../meter/schedules.ts';
import { FILE_AUDIENCE, renderText } from '../../schema/fault.ts';
import { type Answers, type BrokerAnswers, type MeterAnswers, noAnswers } from '../../setup/answers.ts';
import {
  essentialsOf,
  faultOf,
  flagOf,
  isSecret,
  OFFERED,
  sectionOf,
  wayOf,
} from '../../setup/essentials.ts';
import { brokerIn, metersIn, nameOf } from '../../setup/plan.ts';
import type { Target } from '../../setup/target.ts';
import { Multical2MqttError, messageOf } from '../../shared/errors.ts';
import { fieldsOf } from '../../shared/stored.ts';
import type { Io } from '../io.ts';
import { portText } from '../meter-options.ts';
import { asUrl, urlFault } from './broker-address.ts';

export interface SetupFlags {
  readonly config?: string;
  readonly yes?: true;
  readonly meter?: string;
  readonly addMeter?: true;
  readonly port?: string;
  readonly baudRate?: number;
  readonly name?: string;
  readonly powering?: NonNullable<MeterAnswers['powering']>;
  readonly mounting?: 'fixed' | 'held';
  readonly schedule?: string;
  readonly broker?: string | false;
  readonly user?: string;
  readonly passwordFile?: string;
  readonly test: boolean;
  readonly service?: boolean;
  readonly start?: boolean;
  /** Of outputs, by the name that commander makes of a flag. */
  readonly [flag: string]: unknown;
}

export function withSetupFlags(command: Command): Command {
  command
    .option('-c, --config <file>', 'the file to write (default: the one in use, or multical2mqtt.json)')
    .option('-y, --yes', 'ask nothing: what is proposed is taken where no flag says otherwise')
    .option('-m, --meter <name>', 'the meter of the configuration that is to change')
    .option('--add-meter', 'a meter besides those of the configuration')
    .option('-p, --port <port>', 'where the head is (/dev/serial/by-id/..., COM3, tcp://host:port)', portText)
    .addOption(
      new Option('--baud-rate <number>', 'bits a second').choices(['1200', '9600']).argParser(Number),
    )
    .option('--name <name>', 'what people call the meter')
    .addOption(new Option('--powering <what>', 'what the meter runs on').choices(['battery', 'mains']))
    .addOption(
      new Option('--mounting <how>', 'the head stays, or is held there now and then').choices([
        'fixed',
        'held',
      ]),
    )
    .option(
      '--schedule <cron>',
      `when to read: ${Object.keys(PRESETS).join(', ')}, or a cron expression (default: what fits the meter)`,
      checked(scheduleFault),
    )
    .option('--broker <url>', 'the MQTT broker', checked(urlFault))
    .option('--no-broker', 'without MQTT, and so without Home Assistant')
    .option('--user <name>', 'user name at the broker')
    .option('--password-file <file>', 'file with the password at the broker; -: standard input');
  for (const output of OFFERED)
    for (const { name, question } of essentialsOf(output)) {
      const secret = isSecret(output.name, name);
      const what = `${output.label}: ${question[0]?.toLowerCase()}${question.slice(1)}`;
      command.option(
        `${flagOf(output.name, name)} <${secret ? 'file' : name}>`,
        secret ? `${what}, in a file; -: standard input` : what,
      );
    }
  return command
    .option('--no-test', 'write without asking meter, broker and servers')
    .option('--service', 'install the systemd unit too')
    .option('--no-service', 'do not offer it')
    .option('--start', 'run the bridge afterwards')
    .option('--no-start', 'do not offer it');
}

function checked(fault: (text: string) => string | undefined): (text: string) => string {
  return (text) => {
    const wrong = fault(text);
    if (wrong !== undefined) throw new InvalidArgumentError(wrong);
    return text;
  };
}

function scheduleFault(text: string): string | undefined {
  const fault = scheduleList.fault(scheduleList.read(text));
  return fault === null ? undefined : `It ${renderText(fault, FILE_AUDIENCE)}.`;
}

/** What flags, their files and the environment answer. Error `usage` where they contradict each other or the file. */
export async function answersOf(flags: SetupFlags, target: Target, io: Io): Promise<Answers> {
  const secrets = new SecretReader(io);
  const answers = noAnswers();
  const meter = meterOf(flags, target);
  if (meter !== undefined) answers.meters.push(meter);
  if (flags.broker === false) answers.broker = { url: null, settled: true };
  else if (flags.broker !== undefined || flags.user !== undefined) {
    const password = await secrets.read('mqtt.password', flags.passwordFile);
    answers.broker = brokerOf(flags, password, target);
  }
  for (const output of OFFERED) {
    const texts: Record<string, string> = {};
    for (const { name } of essentialsOf(output)) {
      const given = flags[camelCase(flagOf(output.name, name))];
      if (typeof given === 'string')
        texts[name] = isSecret(output.name, name)
          ? ((await secrets.read(`${output.name}.${name}`, given)) ?? '')
          : given;
    }
    const names = Object.keys(texts);
    if (names.length === 0) continue;
    const way = wayOf(output, names);
    const flagged = names.map((name) => flagOf(output.name, name));
    if (way === undefined) throw usage(`${flagged.join(', ')}: these do not go together.`);
    for (const { name } of way.essentials)
      if (isSecret(output.name, name)) texts[name] ??= (await secrets.read(`${output.name}.${name}`)) ?? '';
    const faults = way.essentials.flatMap((essential) => {
      const fault = faultOf(output.name, essential, texts[essential.name] ?? '');
      return fault === undefined ? [] : [`${flagOf(output.name, essential.name)}: ${fault}`];
    });
    if (faults.length > 0) throw usage(faults.join('\n'));
    answers.outputs[output.name] = sectionOf(output, way, texts);
  }
  if (Object.keys(answers.outputs).length > 0) answers.outputsSettled = true;
  return answers;
}

/** The present broker keeps its user; another one is not told his password. */
function brokerOf(
  { broker, user, yes }: SetupFlags,
  password: string | undefined,
  { current }: Target,
): BrokerAnswers {
  const present = brokerIn(current);
  const presentUrl = typeof present?.url === 'string' ? present.url : undefined;
  const url = typeof broker === 'string' ? asUrl(broker) : presentUrl;
  const known = url === presentUrl ? fieldsOf(present) : {};
  const username = user ?? (yes ? (textOf(known.username) ?? '') : undefined);
  const own =
    password ?? (username !== undefined && username === known.username ? textOf(known.password) : undefined);
  return {
    ...(url !== undefined && { url }),
    ...(username !== undefined && { username }),
    ...(own !== undefined && { password: own }),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Undefined where no flag speaks of a meter. */
function meterOf(flags: SetupFlags, { current }: Target): MeterAnswers | undefined {
  const { meter, addMeter, port, baudRate, name, powering, mounting, schedule } = flags;
  const given = {
    ...(port !== undefined && { port }),
    ...(baudRate !== undefined && { baudRate }),
    ...(name !== undefined && { name }),
    ...(powering !== undefined && { powering }),
    ...(mounting !== undefined && { mounting }),
    ...(schedule !== undefined && { schedule }),
  };
  if (Object.keys(given).length === 0 && meter === undefined && addMeter === undefined) return undefined;
  const names = metersIn(current).map(nameOf);
  if (meter !== undefined) {
    if (!names.includes(meter))
      throw usage(`There is no meter "${meter}"; there is ${names.join(', ') || 'none'}.`);
    return { of: meter, ...given };
  }
  if (addMeter === true || names.length === 0) return { of: null, ...given };
  const there = metersIn(current).find((one) => one.port === port);
  if (there !== undefined) return { of: nameOf(there), ...given };
  const [only, ...others] = names;
  // A port or a name of its own may be that of a second meter.
  if (only !== undefined && others.length === 0 && port === undefined && name === undefined)
    return { of: only, ...given };
  throw usage(
    `The configuration has meters already (${names.join(', ')}): say --meter NAME to change one of them, or --add-meter.`,
  );
}

/** `influxdbUrl` for `--influxdb-url`, as commander has it. */
function camelCase(flag: string): string {
  return flag.slice(2).replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

class SecretReader {
  private readonly io: Io;
  private standardInput: Promise<string> | undefined;

  constructor(io: Io) {
    this.io = io;
  }

  /** From the file that a flag names, else from the environment; undefined: nobody says it. */
  async read(path: string, file?: string): Promise<string | undefined> {
    const secret = file === undefined ? this.fromEnvironment(path) : await this.fromFile(file);
    if (secret !== undefined && secret !== '') this.io.secrets.add(secret);
    return secret;
  }

  private fromEnvironment(path: string): string | undefined {
    const { environment } = this.io;
    const { texts, faults } = secretTexts(environment, process.cwd(), configKeys);
    const fault = faults.find((one) => one.path === path);
    if (fault !== undefined) throw usage(`${fault.origin ?? path} ${renderText(fault.text, FILE_AUDIENCE)}.`);
    return [...environmentTexts(environment, configKeys), ...texts].find((one) => one.path === path)?.text;
  }

  private async fromFile(file: string): Promise<string> {
    if (file === '-') {
      this.standardInput ??= text(this.io.input);
      return withoutLineEnd(await this.standardInput);
    }
    try {
      return withoutLineEnd(readFileSync(file, 'utf8'));
    } catch (error) {
      throw usage(`${file} cannot be read: ${messageOf(error)}.`);
    }
  }
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '');
}

function usage(message: string): Multical2MqttError {
  return new Multical2MqttError('usage', message);
}
