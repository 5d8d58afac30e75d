// What an agent's page does by itself: asks for news, sends forms without leaving, heeds the keyboard.
import { start as news } from "./polling.js";
import { start as forms } from "./forms.js";
import { start as keys } from "./keys.js";
import { start as clocks } from "./clocks.js";
import { start as dialogs } from "./dialogs.js";

clocks();
dialogs();
forms();
keys();
news();
document.body.dataset.ready = "1"; // keys pressed from here on are handled
