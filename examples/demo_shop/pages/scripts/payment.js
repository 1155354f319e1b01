// The forms that take the money: the test processor's card form, and Stripe's Payment Element,
// whose script is loaded only when a shopper pays with Stripe.
import { post } from "/scripts/api.js";
import { explain, field, make, money, run, say, sayError, sayNothing, valuesOf }
  from "/scripts/dom.js";

const STRIPE_SCRIPT = "https://js.stripe.com/v3/";

// What the form of a placed payment is. `done` is called once the shopper has done their part,
// `ended` if the payment cannot be made any more.
export async function paymentForm(placed) {
  if (placed.payment.processor === "test") return testCardForm(placed);
  if (placed.payment.processor === "stripe") return stripeForm(placed);
  return make("p", {}, make("a", { href: `/orders/${placed.number}` }, "To your order"));
}

const payLabel = ({ payment }) => `Pay ${money(payment.amountCents, payment.currency)}`;

function testCardForm(placed) {
  const box = make("div");
  const input = field("Card number", "card",
                      { inputmode: "numeric", autocomplete: "off", required: true, maxlength: 30 },
                      "Test cards take no money. Pick one to see what happens:");
  const number = input.querySelector("input");
  const cards = placed.session.testCards.map((card) => make("button",
    { type: "button", onclick: () => (number.value = card.number) },
    make("code", {}, card.number.replace(/(....)(?=.)/g, "$1 ")), card.behavior));
  const button = make("button", { class: "primary" }, payLabel(placed));
  const form = make("form", {}, input, make("div", { class: "cards" }, cards), button);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const card = valuesOf(form).card.replace(/\s/g, "");
      await answerCard(placed, { card }, box);
    }, (error) => refuseCard(error, placed));
  });
  box.append(form);
  return box;
}

// Without repeating: a card is entered once, and the order's page finds out what became of it.
async function answerCard(placed, answer, box) {
  const outcome = await post("/demo/pay",
    { clientSecret: placed.payment.clientSecret, ...answer }, { repeat: false });
  sayNothing();
  if (outcome.state === "requires_action") return askBank(placed, box);
  placed.done();
}

function refuseCard(error, placed) {
  if (error.code === "payment_declined") {
    return say("error", explain(error), " Nothing was charged. Please try another card.");
  }
  if (error.retry === "same") return placed.done();
  if (error.code === "invalid_state") return placed.ended();
  sayError(error);
}

// 3-D Secure: the bank asks whether it is really the shopper.
function askBank(placed, box) {
  const form = box.querySelector("form");
  const answer = (approve) => (event) => run(event.currentTarget, async () => {
    form.hidden = false;
    question.remove();
    await answerCard(placed, { approve }, box);
  }, (error) => refuseCard(error, placed));
  const approve = make("button", { type: "button", class: "primary", onclick: answer(true) },
                       "Approve");
  const question = make("div", { class: "bank", role: "group", "aria-label": "Your bank" },
    make("p", {}, `Your bank asks: do you want to ${payLabel(placed).toLowerCase()} here?`),
    make("div", { class: "row" }, approve,
      make("button", { type: "button", class: "danger", onclick: answer(false) }, "Decline")));
  form.hidden = true;
  box.append(question);
  approve.focus();
}

function loadStripe() {
  return new Promise((resolve, reject) => {
    if (window.Stripe) return resolve(window.Stripe);
    const script = make("script", { src: STRIPE_SCRIPT });
    script.addEventListener("load", () => resolve(window.Stripe));
    script.addEventListener("error", () => reject(Object.assign(
      new Error("Stripe cannot be reached"), { code: "unreachable" })));
    document.head.append(script);
  });
}

async function stripeForm(placed) {
  const { publishableKey } = placed.method.public;
  if (!publishableKey) {
    return make("p", { class: "message error" },
                "Staff have not entered Stripe's publishable key yet.");
  }
  const stripe = (await loadStripe())(publishableKey);
  const elements = stripe.elements({ clientSecret: placed.payment.clientSecret });
  const place = make("div", { id: "payment-element" });
  const button = make("button", { class: "primary wide" }, payLabel(placed));
  const form = make("form", {}, place, button);
  // Once it is on the page.
  setTimeout(() => elements.create("payment").mount("#payment-element"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, async () => {
      const { error } = await stripe.confirmPayment({
        elements,
        confirmParams: { return_url: `${location.origin}/orders/${placed.number}` },
        redirect: "if_required",
      });
      if (error) return say("error", error.message);
      placed.done();
    });
  });
  return form;
}
