/** Takes what it is sent, and confirms it when the test says so. */
export class ConfirmingBroker {
  readonly sent: { topic: string; payload: string }[] = [];
  private isOpen = false;
  private connected: () => void = () => {};
  private heard: (payload: string, retained: boolean, topic: string) => void = () => {};
  private confirm: (error: unknown) => void = () => {};
  filter = '';

  send(topic: string, payload: string, done: (error: unknown) => void): boolean {
    if (!this.isOpen) return false;
    this.sent.push({ topic, payload });
    this.confirm = done;
    return true;
  }

  onConnected(listener: () => void): () => void {
    this.connected = listener;
    return () => {};
  }

  subscribe(filter: string, listener: typeof this.heard): () => void {
    this.filter = filter;
    this.heard = listener;
    return () => {};
  }

  open(): void {
    this.isOpen = true;
    this.connected();
  }

  close(): void {
    this.isOpen = false;
  }

  confirms(error?: Error): void {
    this.confirm(error);
  }

  says(payload: string, retained = false): void {
    this.heard(payload, retained, this.filter);
  }
}
