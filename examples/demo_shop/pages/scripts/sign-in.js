// Signing in; the guest's cart is merged into the account's.
import { post } from "/scripts/api.js";
import { $, explain, make, run, say, valuesOf } from "/scripts/dom.js";
import { frame } from "/scripts/frame.js";

// Only pages of this shop.
function destination() {
  const next = new URLSearchParams(location.search).get("next") ?? "/";
  try {
    const url = new URL(next, location.origin);
    return url.origin === location.origin ? url.href : "/";
  } catch {
    return "/";
  }
}

const LEFT_BEHIND = {
  capped: "no more can be ordered at once",
  unavailable: "no longer for sale",
  left: "stays in your guest cart: this one cannot take it",
};

function leftBehind(lines) {
  return lines.filter((line) => line.result in LEFT_BEHIND)
    .map((line) => make("li", {}, `${line.sku}: ${LEFT_BEHIND[line.result]}`));
}

async function signIn(credentials) {
  await post("/demo/sign-in", credentials);
  let notes = [];
  try {
    notes = leftBehind((await post("/api/storefront/cart/merge")).lines);
  } catch (error) {
    notes = [make("li", {}, `Your guest cart was not added: ${explain(error)}`)];
  }
  if (notes.length === 0) return location.assign(destination());
  say("info", make("p", {}, "You are signed in."), make("ul", {}, notes),
      make("a", { class: "button", href: destination() }, "Go on"));
}

const form = $("#sign-in");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run(form.querySelector("button"), () => signIn(valuesOf(form)));
});

const session = await frame();
$("#accounts").hidden = session.accounts.length === 0;
for (const account of session.accounts) {
  const button = make("button", { type: "button" }, `Sign in as ${account.email}`);
  button.addEventListener("click", () => run(button, () => signIn(account)));
  $("#accounts").append(make("p", {}, button));
}
