// What an agent's page does by itself: asks for news, sends forms without leaving, keeps drafts, heeds the keyboard.
import { start as news } from "./polling.js";
import { start as drafts } from "./drafts.js";
import { start as canned } from "./canned.js";
import { start as sending } from "./sending.js";
import { start as forms } from "./forms.js";
import { start as reading } from "./reading.js";
import { start as presence } from "./presence.js";
import { start as keys } from "./keys.js";
import { start as clocks } from "./clocks.js";
import { start as dialogs } from "./dialogs.js";
import { start as notices } from "./notices.js";
import { start as asking } from "./asking.js";
import { start as lines } from "./lines.js";
import { start as copying } from "./copying.js";
import { start as unfolding } from "./unfolding.js";

clocks();
dialogs();
unfolding();
asking();
lines();
copying();
notices();
drafts();
canned();
sending();
forms();
reading();
keys();
presence();
news();
document.querySelector(".pages [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" }); // on a phone
document.body.dataset.ready = "1"; // keys pressed from here on are handled
