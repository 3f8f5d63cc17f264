const LOWEST = 220;
const OCTAVES = 2;

/** A short tone for each answer, the higher the more of them come: the eyes stay on the head. */
export class Sound {
  private context: AudioContext | undefined;

  /** In the tap that asks for it: browsers allow no sound before. */
  start(): void {
    this.context ??= new AudioContext();
    void this.context.resume();
  }

  stop(): void {
    void this.context?.close();
    this.context = undefined;
  }

  /** `share`: of the requests that were answered, from 0 to 1. */
  beep(share: number): void {
    const { context } = this;
    if (context === undefined || share <= 0) return;
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    const now = context.currentTime;
    tone.type = 'triangle';
    tone.frequency.value = LOWEST * 2 ** (OCTAVES * share);
    volume.gain.setValueAtTime(0.25, now);
    volume.gain.exponentialRampToValueAtTime(0.001, now + 0.18);
    tone.connect(volume).connect(context.destination);
    tone.start(now);
    tone.stop(now + 0.2);
  }
}
