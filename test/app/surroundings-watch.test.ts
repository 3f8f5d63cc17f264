import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Surroundings } from '../../src/addon/surroundings.ts';
import { StateStore } from '../../src/app/state-store.ts';
import { SurroundingsWatch } from '../../src/app/surroundings-watch.ts';
import type { Language } from '../../src/catalogue/texts/languages.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PAGE = 'homeassistant://app/local_multical2mqtt';
const SILENT: Surroundings = { page: () => new Promise(() => {}), language: () => new Promise(() => {}) };

function watching(
  told: Partial<Surroundings> | undefined,
  folder = temporaryFolder(),
  ownLanguage?: Language,
) {
  const surroundings = told && { ...SILENT, ...told };
  const clock = new FakeClock();
  const logger = new CollectingLogger();
  const seen: unknown[] = [];
  const watch: SurroundingsWatch = new SurroundingsWatch({
    surroundings,
    ownLanguage,
    standard: { language: ownLanguage ?? 'en', page: undefined },
    store: new StateStore(folder, logger),
    clock,
    random: () => 0,
    logger,
    changed: () => seen.push(watch.appearance),
  });
  watch.start();
  return { watch, clock, seen, folder };
}

it('what the surroundings tell holds from then on, and at the next start before they answer', async () => {
  const first = watching({ page: async () => PAGE });
  expect(first.watch.appearance.page).toBeUndefined();
  await first.clock.advance(0);
  expect(first.seen).toEqual([{ language: 'en', page: PAGE }]);
  first.watch.stop();

  const second = watching(SILENT, first.folder);
  expect(second.watch.appearance).toEqual({ language: 'en', page: PAGE });
  second.watch.stop();

  const third = watching({ page: async () => PAGE }, first.folder);
  await third.clock.advance(0);
  expect(third.seen).toEqual([]);
  const moved = watching({ page: async () => undefined }, first.folder);
  await moved.clock.advance(0);
  expect(moved.seen).toEqual([{ language: 'en', page: undefined }]);
});

it('they are asked again, more and more seldom, until they answer', async () => {
  let asked = 0;
  const { watch, clock, seen } = watching({
    page: async () => {
      if (++asked < 4) throw new Error('Not yet.');
      return PAGE;
    },
  });
  await clock.advance(5_000);
  expect(asked).toBe(2);
  await clock.advance(10_000);
  expect(asked).toBe(3);
  await clock.advance(20_000);
  expect(seen).toEqual([{ language: 'en', page: PAGE }]);
  await clock.advance(86_400_000);
  expect(asked).toBe(4);
  watch.stop();
});

it('after the end nothing is asked and nothing changes', async () => {
  const refusing = watching({ page: () => Promise.reject(new Error('Not yet.')) });
  await refusing.clock.advance(1_000);
  refusing.watch.stop();
  expect(refusing.clock.pendingTimers).toBe(0);

  const late = watching({ page: async () => PAGE });
  late.watch.stop();
  await late.clock.advance(0);
  expect(late.seen).toEqual([]);
});

it('where nobody is to be asked, what was told in an add-on once does not count', async () => {
  const addon = watching({ page: async () => PAGE });
  await addon.clock.advance(0);
  expect(watching(undefined, addon.folder).watch.appearance.page).toBeUndefined();
});

it('what a person wrote there does not become a link', async () => {
  const { folder, watch, clock } = watching({ page: async () => PAGE });
  await clock.advance(0);
  watch.stop();
  writeFileSync(join(folder, 'bridge/surroundings.json'), '{"page":"javascript:alert(1)"}');
  expect(watching(SILENT, folder).watch.appearance.page).toBeUndefined();
});

it("the language is Home Assistant's, unless somebody chose one", async () => {
  const danish = { language: async () => 'da' as const };
  const first = watching(danish);
  await first.clock.advance(0);
  expect(first.seen).toEqual([{ language: 'da', page: undefined }]);
  expect(watching({}, first.folder).watch.appearance.language).toBe('da');
  expect(watching(danish, first.folder, 'sv').watch.appearance.language).toBe('sv');
});
