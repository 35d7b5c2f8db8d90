import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
const { document } = parseHTML('<html><body></body></html>');
const svg = Plot.plot({ document, width: 400, height: 300, marks: [Plot.line([[0,0],[1,2]]), Plot.frame()] });
console.log(String(svg.outerHTML).slice(0, 600));
