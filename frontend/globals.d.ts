/** What our modules and htmx put on the page's global object. */
declare var homewardClock: { learn: (instant: string) => void; now: () => Date } | undefined;
declare var htmx: { process: (element: Element) => void } | undefined;
