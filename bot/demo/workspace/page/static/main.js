// Brings the page to life: what changes comes over the socket, what is done goes through the doors.
import { follow } from "./live.js";
import { listen } from "./pressing.js";
import { composers } from "./composer.js";
import { modals } from "./modal.js";
import { tour } from "./tour.js";

listen();
composers();
modals();
tour();
follow();
