import { addRendersPage } from './renders/route.js';
import { addRenderPage } from './render/route.js';
import { addActions } from './render/actions.js';
import { addDecisions } from './render/decide.js';
import { addVideo } from './render/video.js';
import { addAttentionPage } from './attention/route.js';
import { addCreditsPage } from './credits/route.js';
import { addTryPage } from './try/route.js';
import { addDesignPage } from './design.js';
import type { ConsoleContext } from './context.js';

/** The pages behind the sign-in, each with its routes. */
export const PAGES: readonly ((context: ConsoleContext) => void)[] = [
  addRendersPage,
  addRenderPage,
  addActions,
  addDecisions,
  addVideo,
  addAttentionPage,
  addCreditsPage,
  addTryPage,
  addDesignPage,
];
