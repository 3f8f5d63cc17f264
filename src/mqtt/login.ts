import { Multical2MqttError, messageOf } from '../shared/errors.ts';
import type { BrokerAccess } from './broker-url.ts';
import { brokerAddress, loginProblem } from './report.ts';
import { BrokerSession, type MqttSettings, type SessionOptions, sessionOptions } from './session.ts';

/**
 * Logs in and takes leave: nothing is sent, and there is no will. Error `failed`, with the reason in words, where the
 * broker does not let us in. Never under the name of the bridge itself, whose connection would end over it.
 */
export function logIn(settings: MqttSettings, broker: BrokerAccess): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (why: string) => reject(new Multical2MqttError('failed', why));
    let options: SessionOptions;
    try {
      options = sessionOptions({ ...settings, ...broker }, `${settings.clientId || 'multical2mqtt'}-check`);
    } catch (error) {
      return refuse(messageOf(error));
    }
    const session = new BrokerSession(options, undefined, {
      opened: () => void session.leave().then(resolve),
      message: () => {},
      dropped: () => {},
      closed: (error) => refuse(`${brokerAddress(broker.url)} ${loginProblem(error)}`),
    });
    session.open();
  });
}
