import { Argument, type Command, type Option } from 'commander';
import { PRESETS } from '../../meter/schedules.ts';
import { CONDITION_NAMES } from '../../simulator/conditions.ts';
import { FAULT_NAMES } from '../../simulator/faults.ts';
import { MODELS } from '../../simulator/models/models.ts';
import { COMPLETION_SCRIPTS, type CompletedCommand } from '../completion-scripts.ts';
import type { Io } from '../io.ts';

const SHELLS = Object.keys(COMPLETION_SCRIPTS) as (keyof typeof COMPLETION_SCRIPTS)[];

export function addCompletion(program: Command, io: Io): void {
  program
    .command('completion')
    .description('print what lets a shell complete commands, options and their values')
    .addArgument(new Argument('<shell>', 'the shell that is to read it').choices(SHELLS))
    .action((shell: (typeof SHELLS)[number]) => {
      io.out.write(COMPLETION_SCRIPTS[shell](program.commands.map(completed)));
    });
}

/** By the long name, which means the same in every command. */
const VALUES: Readonly<Record<string, CompletedCommand['options'][number]['value']>> = {
  '--port': 'port',
  '--config': 'file',
  '--link': 'file',
  '--data-dir': 'folder',
  '--model': Object.keys(MODELS),
  '--fault': FAULT_NAMES,
  '--condition': CONDITION_NAMES,
  '--schedule': Object.keys(PRESETS),
  '--log-level': ['error', 'warn', 'info', 'debug'],
};

function completed(command: Command): CompletedCommand {
  return {
    name: command.name(),
    description: command.description(),
    options: [
      ...command.options.filter(({ hidden }) => !hidden).map(completedOption),
      { flags: ['--help', '-h'], description: 'show what there is', value: undefined },
    ],
    words: command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
  };
}

function completedOption(option: Option): CompletedCommand['options'][number] {
  const { long, short, description, argChoices } = option;
  const takesValue = option.required || option.optional;
  const value = argChoices ?? VALUES[long ?? ''] ?? 'free';
  return {
    flags: [long, short].filter((flag) => flag != null),
    description,
    value: takesValue ? value : undefined,
  };
}
