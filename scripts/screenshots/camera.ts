import { writeFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** The distribution's: nothing is downloaded. */
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const WIDTH = 1200;

interface Entrance {
  readonly url: string;
  readonly token: string;
}

/** Looks at Home Assistant's pages as its owner does: light, in English, without the side bar. */
export class Camera {
  readonly page: Page;
  private readonly browser: Browser;

  private constructor(browser: Browser, page: Page) {
    this.browser = browser;
    this.page = page;
  }

  /** `period`: what its Energy dashboard shows at first. */
  static async at({ url, token }: Entrance, period = 'now-30d'): Promise<Camera> {
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    const context = await browser.newContext({
      baseURL: url,
      locale: 'en-GB',
      timezoneId: 'Europe/Copenhagen',
      colorScheme: 'light',
      reducedMotion: 'reduce',
      viewport: { width: WIDTH, height: 900 },
    });
    const stored = {
      hassTokens: {
        access_token: token,
        token_type: 'Bearer',
        expires_in: 1e9,
        hassUrl: url,
        clientId: `${url}/`,
        expires: Date.now() + 1e12,
        refresh_token: '',
      },
      dockedSidebar: 'always_hidden',
      selectedLanguage: 'en',
      selectedTheme: { dark: false },
    };
    // The page's own world, of which this compiler knows nothing.
    const entries = JSON.stringify(
      Object.entries(stored).map(([key, value]) => [key, JSON.stringify(value)]),
    );
    await context.addInitScript({
      content: `for (const [key, value] of ${entries}) localStorage.setItem(key, value);
        localStorage.setItem('energy-default-period-_energy_dashboard', '${period}');`,
    });
    return new Camera(browser, await context.newPage());
  }

  /** Opens the page, and waits for something on it. */
  async open(path: string, sign: string, height: number): Promise<void> {
    await this.page.setViewportSize({ width: WIDTH, height });
    await this.page.goto(path);
    await this.page.getByText(sign).first().waitFor();
  }

  /** Of the page, or of what lies between two of its columns, once it stands still. */
  async shoot(file: string, from = 0, to = WIDTH): Promise<void> {
    let before = await this.picture(from, to);
    for (let same = 0; same < 4; ) {
      await this.page.waitForTimeout(500);
      const now = await this.picture(from, to);
      same = now.equals(before) ? same + 1 : 0;
      before = now;
    }
    writeFileSync(file, before);
  }

  async end(): Promise<void> {
    await this.browser.close();
  }

  private picture(x: number, to: number): Promise<Buffer> {
    const height = this.page.viewportSize()?.height ?? 0;
    return this.page.screenshot({ animations: 'disabled', clip: { x, y: 0, width: to - x, height } });
  }
}
