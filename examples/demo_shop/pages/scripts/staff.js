// The staff page. The token is kept for this tab only and goes into the Authorization header.
import { get } from "/scripts/api.js";
import { $, run, say, sayError, sayNothing, valuesOf } from "/scripts/dom.js";
import { frame } from "/scripts/frame.js";
import { showBackups } from "/scripts/staff-backups.js";
import { showOrders } from "/scripts/staff-orders.js";
import { showEvents, showPaymentMethods, showSettings } from "/scripts/staff-settings.js";
import { showStock } from "/scripts/staff-stock.js";

const KEPT = "staffToken";

async function open(token) {
  const options = { headers: { Authorization: `Bearer ${token}` } };
  await get("/api/admin/settings/checkout", options);
  sessionStorage.setItem(KEPT, token);
  $("#token-form").hidden = true;
  $("#desk").hidden = false;
  sayNothing();
  showBackups(options);
  await Promise.all([showOrders(options), showStock(options), showPaymentMethods(options),
                     showSettings(options), showEvents(options)]);
}

function refuse(error) {
  if (error.code !== "forbidden") return sayError(error);
  sessionStorage.removeItem(KEPT);
  $("#token-form").hidden = false;
  say("error", "This is not the staff token of the running shop.");
}

const form = $("#token-form");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(form.querySelector("button"), () => open(valuesOf(form).token), refuse);
});

// What the page has shown goes, too.
$("#sign-out").addEventListener("click", () => {
  sessionStorage.removeItem(KEPT);
  location.reload();
});

frame();
const kept = sessionStorage.getItem(KEPT);
form.hidden = kept !== null;
if (kept !== null) open(kept).catch(refuse);
