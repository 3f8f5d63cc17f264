import { onTestFinished } from 'vitest';
import { HeadPlacing } from '../../../src/app/head-placing.ts';
import { PortVisits } from '../../../src/app/port-visits.ts';
import { PresentBridge } from '../../../src/app/present-bridge.ts';
import { systemClock } from '../../../src/shared/clock.ts';
import type { PlacementMessage } from '../../../src/web/api.ts';
import { placementRoutes } from '../../../src/web/routes/placement.ts';
import { eventually } from '../../support/eventually.ts';
import { bridgeConfig, runningBridge } from '../../support/running-bridge.ts';
import { FAST, servedMeter } from '../../support/served-meter.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { webServing } from '../../web/support/web-serving.ts';

export const NEVER = '0 0 1 1 *';

/** A bridge that has read its meter, and lends its port over HTTP. */
export async function placingBridge(schedule = NEVER) {
  const meter = await servedMeter();
  const folder = temporaryFolder();
  const settings = {
    ...{ name: 'Heating', port: meter.port, schedule, detailSchedule: 'never', registers: [60] },
    battery: { minSecondsBetween: 0 },
  };
  const csv = { enabled: true, directory: `${folder}/csv` };
  const config = bridgeConfig({ meters: [settings], mqtt: { enabled: false }, csv }, folder);
  const { bridge, logger } = await runningBridge(config);
  const present = new PresentBridge(bridge, config);
  const shared = { clock: systemClock, logger };
  const visits = new PortVisits({ ...shared, lender: present, baudRate: FAST });
  const placing = new HeadPlacing({ ...shared, visits, meters: () => present.config.meters });
  const { url, server } = await webServing({ routes: placementRoutes(placing) });
  const readings = (): number => present.bridge.meters[0]?.diagnostics.readings ?? 0;
  await eventually(() => readings() > 0);
  await bridge.idle();
  return { ...meter, folder, bridge, present, config, visits, logger, url, server, readings };
}

/** A page on which somebody places a head. */
export class PlacingPage {
  readonly status: number;
  readonly messages: PlacementMessage[] = [];
  private readonly gone: AbortController;
  private constructor(status: number, gone: AbortController) {
    this.status = status;
    this.gone = gone;
  }

  static async at(url: string, body: object): Promise<PlacingPage & { readonly error?: string }> {
    const gone = new AbortController();
    const answer = await fetch(`${url}/api/v1/placement`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: gone.signal,
    });
    const page = new PlacingPage(answer.status, gone);
    onTestFinished(() => page.close());
    if (answer.status !== 200) return Object.assign(page, (await answer.json()) as { error: string });
    void page.listen(answer);
    return page;
  }

  get last(): PlacementMessage | undefined {
    return this.messages.at(-1);
  }

  close(): void {
    this.gone.abort();
  }

  /** The next message that fits; fails when it is over before. */
  sees<Kind extends PlacementMessage['kind']>(
    kind: Kind,
    fits: (message: PlacementMessage & { kind: Kind }) => boolean = () => true,
  ): Promise<PlacementMessage & { kind: Kind }> {
    return eventually(() =>
      this.messages.find(
        (one): one is PlacementMessage & { kind: Kind } =>
          one.kind === kind && fits(one as PlacementMessage & { kind: Kind }),
      ),
    );
  }

  private async listen(answer: Response): Promise<void> {
    let rest = '';
    try {
      for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const lines = `${rest}${chunk}`.split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line !== '') this.messages.push(JSON.parse(line) as PlacementMessage);
      }
    } catch {
      // Closed by ourselves, or cut.
    }
  }
}
