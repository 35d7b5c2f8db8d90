import { packageBundles } from '../../tools/package-bundles.mjs';

export default packageBundles();
