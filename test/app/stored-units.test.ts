import { beforeEach, expect, it } from 'vitest';
import { StoredUnits } from '../../src/app/stored-units.ts';
import { StateStore } from '../../src/state/state-store.ts';
import { CollectingLogger } from '../support/collecting-logger.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let store: StateStore;
let units: StoredUnits;
beforeEach(() => {
  store = new StateStore(temporaryFolder(), new CollectingLogger());
  units = new StoredUnits(store);
});

it('units are known again after a restart, until their meter is forgotten', () => {
  units.remember('84968362', { heat_energy: 'kWh' });
  expect(new StoredUnits(store).recall('84968362')).toEqual({ heat_energy: 'kWh' });
  expect(units.recall('6517223')).toEqual({});
  units.forget('84968362');
  expect(units.recall('84968362')).toEqual({});
});

it('what is no unit in the file does not count', () => {
  store.write('units/84968362', { heat_energy: 7, volume: 'l' });
  expect(units.recall('84968362')).toEqual({ volume: 'l' });
});
