import { traitsOf } from '../../catalogue/quantities.ts';
import type { MeterIdentity } from '../../meter/publisher.ts';
import type { Reading } from '../../readings/reading.ts';
import type { Fields } from '../../shared/stored.ts';
import { type DeviceInfo, meterDeviceId } from './discovery.ts';

interface Around {
  /** What somebody announced who may have known the meter better. */
  readonly before: Fields;
  readonly page: string | undefined;
  /** Id of the device above. */
  readonly bridge: string;
}

/** The head of the meter's page in Home Assistant. What nobody told is left out. */
export function meterDevice(
  meter: MeterIdentity,
  latest: readonly Reading[],
  { before, page, bridge }: Around,
): DeviceInfo {
  const { serialNumber, name, model, softwareRevision } = meter;
  return {
    identifiers: [meterDeviceId(serialNumber)],
    name,
    manufacturer: 'Kamstrup',
    serial_number: serialNumber,
    ...textMember('model', plainModel(before.model), model?.name),
    ...textMember('model_id', before.model_id, typeNumberIn(latest)),
    ...textMember('sw_version', before.sw_version, softwareRevision),
    ...textMember('configuration_url', page),
    via_device: bridge,
  };
}

/** As the meter tells it; the longest where some are the beginning of another. */
export function typeNumberIn(latest: readonly Reading[]): string | undefined {
  const told = latest.flatMap(({ quantity, value }) =>
    value.kind === 'text' && traitsOf(quantity).typeNumber ? [value.value.trim()] : [],
  );
  return told.filter((text) => text !== '').sort((one, other) => other.length - one.length)[0];
}

/** Versions up to 0.1.0 said there how the meter was recognised. */
function plainModel(model: unknown): unknown {
  return typeof model === 'string' ? model.replace(/ \(by [^()]*\)$/, '') : undefined;
}

/** The first of the texts as a member; none where there is no text. */
function textMember<Name extends string>(
  name: Name,
  ...texts: readonly unknown[]
): Partial<Record<Name, string>> {
  const text = texts.find((each) => typeof each === 'string');
  return text === undefined ? {} : ({ [name]: text } as Record<Name, string>);
}
