/** The optical eye of a meter sleeps until something wakes it. */
export interface Eye {
  /** `null` where it is not public. */
  readonly wakesBy: 'button' | 'magnet' | 'traffic' | null;
  /** Milliseconds that a press of the button lasts; null where it has no such end or none is known. */
  readonly buttonMinutes: number | null;
  /** Whether requests keep it awake as a button does. */
  readonly trafficKeepsAwake: boolean;
  /** Tells whoever stands before the meter what to do. Without a full stop. */
  readonly advice: string;
}

/**
 * Electricity meters that look like those that are read. 382C: madspeterbach/kamstrup-382C; 382Lx7 and the pass code:
 * UtilitechAS/amsreader-firmware#389, #126.
 */
const WITHOUT_KMP =
  'a 382C (it speaks IEC 1107) and a 382Lx7 (DLMS) never answer here, and a 382M may want a pass code: the letters behind 382 on its front tell which it is';

/** For a meter of which nothing is known, as advice on an eye. */
export const ADVICE_FOR_ANY = `A 402 or 303 sleeps until a button on it is pressed; a 403, 603 or 803 needs the magnet of the head in its place; of electricity meters, ${WITHOUT_KMP}`;

/** Of a meter that answers, but gives no register. */
export const MAY_WANT_PASS_CODE =
  'A Kamstrup 382M may want a pass code first, and none is ever sent: such a meter cannot be read.';

/** TD303 p. 91. */
export const BUTTON_303: Eye = {
  wakesBy: 'button',
  buttonMinutes: 4,
  trafficKeepsAwake: false,
  advice:
    'The eye of a MULTICAL 303 works for four minutes after its button was pressed, and knows no magnet: press the button before each reading',
};

export const UNKNOWN_302: Eye = {
  wakesBy: null,
  buttonMinutes: null,
  trafficKeepsAwake: false,
  advice:
    'How the eye of a MULTICAL 302 wakes up is not public: press the button on it, and try again within a few minutes',
};

/** Owners' reports: cenobitedk/esphome_multical402, matthijsvisser/kamstrup-402-mqtt. */
export const BUTTON_402: Eye = {
  wakesBy: 'button',
  buttonMinutes: 30,
  trafficKeepsAwake: true,
  advice:
    'The eye of a MULTICAL 402 wakes up when a button on it is pressed, and stays awake for about half an hour after the last reading: press the button; for unattended reading choose the schedule "keep-awake"',
};

/** TD403 p. 130, TD603 p. 147, TD803 p. 164; four minutes: golles/ha-kamstrup_403#69. */
export const MAGNET_X3: Eye = {
  wakesBy: 'magnet',
  buttonMinutes: 4,
  trafficKeepsAwake: false,
  advice:
    'The eye of a MULTICAL 403, 603 or 803 needs a magnet in the right place: move or turn the head (polarity matters), or press a button, which gives about four minutes',
};

/** pfugl/Kamstrup-602. */
export const MAGNET_602: Eye = {
  wakesBy: 'magnet',
  buttonMinutes: 5,
  trafficKeepsAwake: false,
  advice:
    'The eye of a MULTICAL 602 works while a magnet is in the right place: turn the head by half a turn and back a few times, or press a button, which gives five to ten minutes',
};

export const MAGNET_62: Eye = {
  wakesBy: 'magnet',
  buttonMinutes: null,
  trafficKeepsAwake: false,
  advice: 'The eye of a MULTICAL 62 works while a magnet is in the right place: move or turn the head',
};

/** 5512-447 section 2.1. */
export const TRAFFIC_601: Eye = {
  wakesBy: 'traffic',
  buttonMinutes: null,
  trafficKeepsAwake: true,
  advice:
    'The eye of a MULTICAL 601 or 801 needs neither button nor magnet, the request itself wakes it: move or turn the head',
};

/** TD3100 p. 37; silence after frequent reading: esphome/feature-requests#1402. */
export const MAGNET_WATER: Eye = {
  wakesBy: 'magnet',
  buttonMinutes: null,
  trafficKeepsAwake: false,
  advice:
    'The eye of a MULTICAL 21 or flowIQ is off until a magnet (often a ring of 27 mm) has been on it for four seconds: move or turn the head; if the meter fell silent after many readings, take the head off and put it back, and read less often',
};

export const MAINS: Eye = {
  wakesBy: 'traffic',
  buttonMinutes: null,
  trafficKeepsAwake: true,
  advice: `An electricity meter may want another speed: set \`baudRate\` to 9600 (or to 1200, if it is 9600 now); ${WITHOUT_KMP}`,
};

/** MTrab/Kamstrup. */
export const MAINS_OMNIPOWER: Eye = {
  ...MAINS,
  advice: `${MAINS.advice}; newer OMNIPOWER meters in Denmark do not answer through the eye any more`,
};
