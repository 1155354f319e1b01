// A copy of the whole shop, made on the server while it sells.
import { post } from "/scripts/api.js";
import { $, make, run, say } from "/scripts/dom.js";

export function showBackups(options) {
  const button = make("button", { type: "button" }, "Make a backup");
  button.addEventListener("click", () => run(button, async () => {
    // A disk that is full stays so: no repetition.
    const backup = await post("/demo/backups", {}, { ...options, repeat: false });
    const megabytes = (backup.bytes / 1e6).toFixed(1);
    say("success", `${backup.path} holds the shop: ${megabytes} MB, checked.`);
  }));
  $("#backups").replaceChildren(make("h2", {}, "Backups"),
    make("p", {}, "The shop goes on selling. The copy has the names and addresses of customers ",
      "and the encrypted keys; it does not have the key file, which belongs elsewhere."),
    button);
}
