import { readFileSync, rmSync } from 'node:fs';
import { isMissing } from '../shared/files.ts';
import { type Answers, answersIn } from './answers.ts';
import { writeOwn } from './save.ts';

/**
 * Answers of a set-up that has not come to its end, beside the configuration that they are for. For this user's eyes only:
 * an answer may be a password.
 */
export class Draft {
  readonly path: string;

  constructor(configPath: string) {
    this.path = `${configPath}.setup-draft`;
  }

  /** Undefined where there is none, or none that makes sense. */
  read(): Answers | undefined {
    try {
      return answersIn(JSON.parse(readFileSync(this.path, 'utf8')));
    } catch (error) {
      if (isMissing(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  keep(answers: Answers): void {
    writeOwn(this.path, answers);
  }

  remove(): void {
    rmSync(this.path, { force: true });
  }
}
