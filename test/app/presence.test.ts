import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { StoredPresence } from '../../src/app/presence.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const next = (folder: string) => new StoredPresence(new StateStore(folder, new CollectingLogger()));

it('meters that were there are remembered for one start', () => {
  const folder = temporaryFolder();
  expect(next(folder).takeOnline()).toEqual([]);
  next(folder).rememberOnline(['1', '2']);
  expect(next(folder).takeOnline()).toEqual(['1', '2']);
  expect(next(folder).takeOnline()).toEqual([]);
});

it('a guest is one until it is none', () => {
  const folder = temporaryFolder();
  next(folder).rememberGuest('0123abcd');
  next(folder).rememberOnline(['1']);
  expect(next(folder).guest).toBe('0123abcd');
  expect(next(folder).takeOnline()).toEqual(['1']);
  expect(next(folder).guest).toBe('0123abcd');
  next(folder).rememberGuest(undefined);
  expect(next(folder).guest).toBeUndefined();
});

it('what a person wrote into it does not get into a topic', () => {
  const folder = temporaryFolder();
  next(folder).rememberGuest('0123abcd');
  writeFileSync(join(folder, 'bridge/presence.json'), '{"guest":"a/#","online":[7,"1"]}');
  expect(next(folder).guest).toBeUndefined();
  expect(next(folder).takeOnline()).toEqual(['1']);
});
