// How an order's total came about: its steps, and what was paid of it, to be opened and closed.
import { get } from "/scripts/api.js";
import { make, money, sayError, table, taxName } from "/scripts/dom.js";

const PAYMENT_STEPS = { capture: "Paid", refund: "Given back", waiver: "Waived" };
const STATES = { pending: ", on its way", succeeded: "", failed: ", but that failed" };

// "VAT 19 % of €20.17, included €3.83, rounding -0.23 of the smallest unit"
function taxText({ tax, rounding }, amount) {
  const part = tax.included ? `, included ${amount(tax.taxCents)}` : "";
  const rounded = rounding === null || Number(rounding) === 0 ? ""
    : `, rounding ${rounding} of the smallest unit`;
  return `${taxName(tax)} of ${amount(tax.taxableCents)}${part}${rounded}`;
}

function stepText(step, nameOf, amount) {
  if (step.kind === "item") {
    return `${step.quantity} × ${step.name} at ${amount(step.unitPriceCents)}`;
  }
  if (step.kind === "shipping") return step.name;
  const about = `${nameOf(step.lineItemId)}: `;
  if (step.kind === "tax") return about + taxText(step, amount);
  return about + (step.code === null ? step.name : `${step.name} (${step.code})`);
}

const row = (text, ...amounts) => make("tr", {}, make("td", {}, text),
  amounts.map((each) => make("td", { class: "amount" }, each)));

function steps({ number, currency, steps: all, totalCents }) {
  const amount = (cents) => money(cents, currency);
  const items = all.filter((step) => step.kind === "item");
  const nameOf = (line) => items.find((item) => item.lineItemId === line)?.name ?? "Delivery";
  const head = [["Step"], ["Amount", "amount"], ["Sum so far", "amount"]];
  return table(`Steps to the total of ${number}`, head, make("tbody", {},
    all.map((step) => row(stepText(step, nameOf, amount), amount(step.amountCents),
                          amount(step.totalCents))),
    row("Total", "", amount(totalCents))));
}

function payments({ number, currency, paymentSteps }) {
  if (paymentSteps.length === 0) return null;
  const amount = (cents) => money(cents, currency);
  const text = ({ kind, state, reason }) =>
    `${PAYMENT_STEPS[kind]}${STATES[state]}${reason === "" ? "" : `: ${reason}`}`;
  const head = [["Payment"], ["Amount", "amount"], ["Paid so far", "amount"]];
  return table(`Payments of ${number}`, head, make("tbody", {}, paymentSteps.map((step) =>
    row(text(step), amount(step.amountCents), amount(step.paidCents)))));
}

// `path` is that of the order. The shop is asked when the explanation is opened.
export function explanation(path, options) {
  const content = make("div");
  const details = make("details", {}, make("summary", {}, "How this total came about"), content);
  details.addEventListener("toggle", async () => {
    if (!details.open) return;
    try {
      const explained = await get(`${path}/explain`, options);
      content.replaceChildren(make("div", {}, steps(explained), payments(explained)));
    } catch (error) {
      sayError(error);
    }
  });
  return details;
}
