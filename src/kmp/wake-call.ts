/**
 * `/#1`, the call of a MULTICAL III or 401, with its even parity in the eighth bit. Kitsok/ha-kamstrup_403 sends it
 * before each KMP exchange to wake its 403.
 */
export const WAKE_CALL: Uint8Array = Uint8Array.of(0xaf, 0xa3, 0xb1);
export const WAKE_CALL_BAUD_RATE = 300;
