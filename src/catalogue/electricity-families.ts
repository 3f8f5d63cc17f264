import { MAINS, MAINS_OMNIPOWER } from './eyes.ts';
import { ELECTRICITY_FIRST, type MeterModelName, type MeterProfile, type TypeCode } from './family.ts';
import { LOG_OF_ELECTRICITY } from './logs.ts';

const ELECTRICITY = {
  kind: 'electricity',
  details: 'electricity',
  infoTable: null,
  first: ELECTRICITY_FIRST,
  eye: MAINS,
  log: LOG_OF_ELECTRICITY,
  programs: [],
  typeText: null,
  signs: { someOf: [[1, 13, 1023, 1054]], never: [60, 63, 68, 86, 243, 292, 299], lengths: {} },
} as const;

export const ELECTRICITY_PROFILES = {
  '382': {
    ...ELECTRICITY,
    label: 'Kamstrup 382',
    typeCodes: highBytes({ '382': [0x53, 0x55], '382L': [0x62, 0x63], '382M': [0x68, 0x69] }),
  },
  '162': {
    ...ELECTRICITY,
    label: 'Kamstrup 162',
    typeCodes: highBytes({ '162': [0x56, 0x57], '162L': [0x64, 0x65], '162M': [0x70, 0x71] }),
  },
  '282': {
    ...ELECTRICITY,
    label: 'Kamstrup 282',
    typeCodes: highBytes({ '282': [0x58, 0x59], '282L': [0x66, 0x67], '282M': [0x72, 0x73] }),
  },
  // The 251C has a code beside that of the 351C, and is read as one.
  '351': {
    ...ELECTRICITY,
    label: 'Kamstrup 351',
    typeCodes: highBytes({ '351B': [0x60, 0x61], '351C': [0x75], '251C': [0x76] }),
  },
  omnipower: {
    ...ELECTRICITY,
    label: 'Kamstrup OMNIPOWER',
    eye: MAINS_OMNIPOWER,
    typeCodes: highBytes({ OMNIPOWER: [0x5a] }),
  },
} as const satisfies Partial<Record<MeterModelName, MeterProfile>>;

/** High bytes of type codes (Korean AMI head-end code), with the model behind them. */
function highBytes(codes: Readonly<Record<string, readonly number[]>>): readonly TypeCode[] {
  return Object.entries(codes).flatMap(([model, bytes]) =>
    bytes.map((byte): TypeCode => ({ code: byte << 8, mask: 0xff00, label: `Kamstrup ${model}` })),
  );
}
