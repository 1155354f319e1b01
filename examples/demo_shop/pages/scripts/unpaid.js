// The way out where a placed, unpaid order is in the way of what the shopper wants.
import { post } from "/scripts/api.js";
import { make, run, say, sayError } from "/scripts/dom.js";

// Both choices; `reopened` is called once the order can be changed again.
export function unpaidChoices(reopened, refuse = sayError) {
  const reopen = make("button", { type: "button" }, "Change the order");
  reopen.addEventListener("click", () => run(reopen, async () => {
    await post("/api/storefront/checkout/reopen");
    await reopened();
  }, refuse));
  return make("div", { class: "row" },
    make("a", { class: "button primary", href: "/checkout" }, "Continue paying"), reopen);
}

// Adds to the cart by `add`; an unpaid order is offered to be paid or changed first.
export async function addOrOffer(add) {
  try {
    await add();
  } catch (error) {
    if (error.code !== "invalid_state" || error.details.state !== "Payment") throw error;
    say("info",
        make("p", {}, "Your last order is placed and waits for its payment. Pay for it, or " +
                      "change it and add this."),
        unpaidChoices(add));
  }
}
