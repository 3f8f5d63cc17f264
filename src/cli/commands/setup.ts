import type { Command } from 'commander';
import { runBridge } from '../../app/run.ts';
import { Draft } from '../../setup/draft.ts';
import { targetOf } from '../../setup/target.ts';
import { hasSystemd } from '../../setup/unit.ts';
import { Multical2MqttError } from '../../shared/errors.ts';
import { AlreadyTold, type Io, print } from '../io.ts';
import { converse } from '../setup/conversation.ts';
import { installService, runCommand, runningBridge } from '../setup/ending.ts';
import { answersOf, type SetupFlags, withSetupFlags } from '../setup/flags.ts';
import { type Conversation, keep, type Sitting } from '../setup/sitting.ts';
import { Left, Talk } from '../setup/talk.ts';
import { doUnattended } from '../setup/unattended.ts';

export function addSetup(program: Command, io: Io): void {
  const command = program
    .command('setup')
    .description('ask, try, and write the configuration')
    .addHelpText(
      'after',
      '\nOn a terminal it asks for whatever no flag says. Passwords come from files, standard input or the environment.',
    );
  withSetupFlags(command).action(async (flags: SetupFlags) => {
    if (flags.service === true && !hasSystemd())
      throw new Multical2MqttError('usage', 'There is no systemd on this machine: leave --service out.');
    const target = targetOf({ file: flags.config, environment: io.environment, directory: process.cwd() });
    const answers = await answersOf(flags, target, io);
    const sitting: Sitting = { io, target, draft: new Draft(target.path), answers };
    const isHeld = flags.yes !== true && io.input.isTTY === true && io.out.isTTY === true;
    if (isHeld) await hold(sitting, flags);
    else {
      await doUnattended(sitting, { yes: flags.yes === true, tests: flags.test });
      if (flags.service === true) for (const line of installService(sitting)) print(io.out, line);
      if (flags.start === true) await run(sitting);
      else if (flags.service !== true)
        print(io.out, (await runningBridge(sitting)) ?? `Run it with: ${runCommand(sitting)}`);
    }
  });
}

async function hold(sitting: Sitting, { service, start }: SetupFlags): Promise<void> {
  const { io, draft } = sitting;
  const talk = await Talk.begin(io);
  const it: Conversation = { ...sitting, talk, isWritten: false };
  try {
    await converse(it);
    const wantsService =
      service ?? (hasSystemd() && (await talk.agreed('Run it as a service of systemd, from now on?', false)));
    if (wantsService) for (const line of installService(it)) talk.say(line);
    const running = wantsService || start === true ? undefined : await runningBridge(it);
    if (running !== undefined) return talk.end(running);
    const wantsStart =
      start ?? (!wantsService && (await talk.agreed('Run it now, here, and see the first values?', true)));
    talk.end(wantsStart ? 'It runs until Ctrl+C.' : `Whenever you like: ${runCommand(it)}`);
    if (wantsStart) await run(it);
  } catch (error) {
    if (!(error instanceof Left)) throw error;
    if (it.isWritten) return talk.end(`The configuration is written. Run it with: ${runCommand(it)}`);
    keep(it);
    talk.end(`Left. What was said is kept in ${draft.path}; \`multical2mqtt setup\` goes on there.`);
    throw new AlreadyTold('cancelled', 'left');
  }
}

function run({ io, target }: Sitting): Promise<void> {
  const { environment, version, signal, err, secrets } = io;
  return runBridge({ file: target.path, given: {}, environment, version, signal, err, secrets });
}
