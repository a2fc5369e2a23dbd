// What the browser runs: small modules over server-made pages. Everything works without them,
// only slower; nothing here decides what somebody may do.
import htmx from "htmx.org";
import "./scripts/composer.js";
import "./scripts/drafts.js";
import "./scripts/conditions.js";
import "./scripts/here.js";
import "./scripts/keys.js";
import "./scripts/lanes.js";
import "./scripts/mentions.js";
import "./scripts/menus.js";
import "./scripts/palette.js";
import "./scripts/passkey.js";
import "./scripts/picker.js";
import "./scripts/picks.js";
import "./scripts/sheet.js";
import "./scripts/toasts.js";
import "./scripts/twice.js";
import "./scripts/views.js";

// The Content-Security-Policy allows no inline script or style; htmx must not ask for them.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  // Nothing here moves while it settles; a pause would be one in which keys reach unbound fields.
  defaultSettleDelay: 0,
  responseHandling: [
    { code: "204", swap: false },
    { code: "[23]..", swap: true },
    // A refused form comes back with its reasons; it is shown like any other answer.
    { code: "409|422", swap: true },
    { code: "[45]..", swap: false, error: true },
  ],
});
window.htmx = htmx;
