import type { Answers } from '../../setup/answers.ts';
import type { Draft } from '../../setup/draft.ts';
import { planned } from '../../setup/plan.ts';
import type { Target } from '../../setup/target.ts';
import type { Fields } from '../../shared/stored.ts';
import type { Io } from '../io.ts';
import type { Talk } from './talk.ts';

/** One set-up from its first question to its end. */
export interface Sitting {
  readonly io: Io;
  readonly target: Target;
  readonly draft: Draft;
  readonly answers: Answers;
}

/** One with somebody who answers. */
export interface Conversation extends Sitting {
  readonly talk: Talk;
  /** The configuration is on disk. */
  isWritten: boolean;
}

/** To be called after each answer, so that leaving costs none. */
export function keep({ draft, answers }: Sitting): void {
  draft.keep(answers);
}

/** The configuration with all answers so far. */
export function contentOf({ target, answers }: Sitting): Fields {
  return planned(target.current, answers);
}
