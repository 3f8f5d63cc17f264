import { Command } from 'commander';
import { Multical2MqttError, messageOf } from '../shared/errors.ts';

export function unknownCommand(word: string, program: Command): Multical2MqttError {
  return new Multical2MqttError(
    'usage',
    `There is no command "${word}".${suggestion(word, program)} \`multical2mqtt --help\` shows what there is.`,
  );
}

/** What commander suggests to a program of the same commands that has no default. */
function suggestion(word: string, { commands }: Command): string {
  const guide = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  for (const command of commands) guide.command(command.name());
  try {
    guide.parse([word], { from: 'user' });
    return '';
  } catch (error) {
    const [, meant] = /\(Did you mean (.*\?)\)/s.exec(messageOf(error)) ?? [];
    return meant === undefined ? '' : ` Did you mean ${meant}`;
  }
}
