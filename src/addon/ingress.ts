/** Address of the Supervisor's proxy for ingress. Home Assistant has checked the user before. */
export const INGRESS_ADDRESS = '172.30.32.2';
/** Must equal `ingress_port` in addon/config.yaml. */
export const INGRESS_PORT = 8099;
