interface Pinched {
  /** One finger is at this many pixels from the left. */
  readonly move: (left: number) => void;
  /** Two fingers were drawn apart or together: the stretch between these pixels is to fill the chart. */
  readonly zoom: (left: number, right: number) => void;
}

/** What fingers do on a chart: one asks for a value, two zoom. Up and down scrolls the page as everywhere. */
export function pinch(place: HTMLElement, { move, zoom }: Pinched): void {
  let began: readonly [number, number] | undefined;
  let ended: readonly [number, number] | undefined;
  const at = (touch: Touch | undefined): number => (touch?.clientX ?? 0) - place.getBoundingClientRect().left;
  const both = ({ touches }: TouchEvent): [number, number] => {
    const [a, b] = [at(touches[0]), at(touches[1])];
    return a < b ? [a, b] : [b, a];
  };
  place.addEventListener(
    'touchstart',
    (event) => {
      if (event.touches.length === 2) began = both(event);
      else if (event.touches.length === 1) move(at(event.touches[0]));
    },
    { passive: true },
  );
  place.addEventListener(
    'touchmove',
    (event) => {
      if (event.touches.length === 1 && began === undefined) move(at(event.touches[0]));
      else if (event.touches.length === 2) ended = both(event);
    },
    { passive: true },
  );
  place.addEventListener(
    'touchend',
    (event) => {
      if (event.touches.length > 0 || began === undefined) return;
      if (ended !== undefined && ended[1] - ended[0] > 10 && began[1] - began[0] > 10) {
        // What was below the fingers stays below them.
        const scale = (began[1] - began[0]) / (ended[1] - ended[0]);
        const left = began[0] - ended[0] * scale;
        zoom(left, left + place.clientWidth * scale);
      }
      began = undefined;
      ended = undefined;
    },
    { passive: true },
  );
}
