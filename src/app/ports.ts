export { listPorts, type PortInfo } from '../transport/list-ports.ts';
