// The scenarios of browser_test.py, by name.
import assert from "node:assert/strict";

import { AxeBuilder } from "@axe-core/playwright";

import { addToCart, answerDialog, button, expectState, fillAddress, findOrders, link, lookInto,
         openDesk, pay, place, reachPayment, signIn, staffCall } from "./steps.mjs";
import { answerForStripe } from "./stripe.mjs";

const APPROVED = "4242424242424242";
const DECLINED = "4000000000000002";
const ASKS_BANK = "4000002500003155";

// A shopper who is not signed in fills the cart; signing in takes it along.
export async function purchase(page, shop) {
  await page.goto(shop.url);
  await button(page, "Ceramics").click();
  assert.equal(await page.getByRole("link", { name: "Earl Grey" }).count(), 0);
  await link(page, "Stoneware Mug").first().click();
  await addToCart(page, shop, "stoneware-mug", { choose: "Clay" });
  await addToCart(page, shop, "earl-grey", { choose: "250 g", quantity: 2 });
  await link(page, /^Cart, 3 items$/).click();
  await page.getByLabel("Quantity of Earl Grey").fill("1");
  await page.getByLabel("Quantity of Earl Grey").press("Tab");
  await page.getByText("€36.40").first().waitFor();
  await page.getByLabel("Discount code").fill("nonsense");
  await button(page, "Apply").click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Discount code").fill("welcome10");
  await button(page, "Apply").click();
  await page.getByText("Welcome (WELCOME10)").waitFor();
  await link(page, "Checkout").click();
  await page.getByText("Please sign in").waitFor();
  await signIn(page, shop);
  await reachPayment(page);
  await place(page, "Test card");
  await pay(page, DECLINED);
  await page.getByText("Please try another card").waitFor();
  await pay(page, APPROVED);
  const number = await expectState(page, "Paid");
  await page.getByText("WELCOME10").waitFor();

  await openDesk(page, shop);
  await findOrders(page, "earl grey nowhere");
  await page.locator("#orders").getByText("There are none.").waitFor();
  await findOrders(page, `earl grey ${number.slice(2, 8).toLowerCase()}`);
  await lookInto(page, number);
  await page.getByLabel("Tracking number").fill("TRACK-1");
  await page.getByLabel("Carrier").fill("Post");
  await button(page, "Ship").click();
  await page.getByText(`Order ${number} is on its way as TRACK-1.`).waitFor();

  await page.goto(`${shop.url}/orders`);
  await link(page, number).click();
  await page.getByText("It is on its way to you.").waitFor();
  await page.getByText("Post TRACK-1").waitFor();
}

export async function bankAsks(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "forest-honey");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Test card");
  await pay(page, ASKS_BANK);
  await button(page, /^Decline$/).click();
  await page.getByText("Please try another card").waitFor();
  // A reload finds the order where it was.
  await page.reload();
  await page.getByLabel("Test card").check();
  await button(page, "Continue paying").click();
  await pay(page, ASKS_BANK);
  await button(page, /^Approve$/).click();
  await expectState(page, "Paid");
}

// The page of the order waits for what the shop finds out by itself.
export async function latePayment(page, shop) {
  for (const card of ["4000000000000259", "4000000000000119"]) {
    await signIn(page, shop);
    await addToCart(page, shop, "milk-jug");
    await page.goto(`${shop.url}/checkout`);
    await reachPayment(page);
    await place(page, "Test card");
    await pay(page, card);
    await expectState(page, "Paid");
  }
}

export async function changedItsMind(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "bread-board");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Test card");
  await page.getByLabel("Card number").waitFor();
  await page.goto(`${shop.url}/cart`);
  await page.getByText("waits for its payment").waitFor();
  await button(page, "Change the order").click();
  await page.getByLabel("Quantity of Bread Board").fill("2");
  await page.getByLabel("Quantity of Bread Board").press("Tab");
  await page.getByText("€64.00").first().waitFor();
  await button(page, "Remove Bread Board").click();
  await page.getByText("Your cart is empty.").waitFor();
}

export async function priceChanged(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "dark-chocolate");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await staffCall(shop, "PUT", "/api/admin/variants/PAN-CHOCOLATE", { priceCents: 620 });
  await place(page, "Test card");
  await page.getByText(/Chocolate.*: €5\.20 is now €6\.20/).waitFor();
  await button(page, "Buy for €11.10").click();
  await pay(page, APPROVED);
  await expectState(page, "Paid");
}

export async function soldOut(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "oat-cookies", { quantity: 3 });
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await staffCall(shop, "PUT", "/api/admin/stock/PAN-COOKIES", { onHand: 1, reason: "eaten" });
  await place(page, "Test card");
  await page.getByText("Oat Cookies: you want 3, only 1 left").waitFor();
  await link(page, "Change the cart").click();
  await page.getByText("Only 1 left").waitFor();
  await page.getByLabel("Quantity of Oat Cookies").fill("1");
  await page.getByLabel("Quantity of Oat Cookies").press("Tab");
  await page.getByText("Only 1 left").waitFor({ state: "detached" });
}

export async function bankTransfer(page, shop) {
  await signIn(page, shop, 1);
  await addToCart(page, shop, "blue-bowl");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Bank transfer");
  const number = await expectState(page, "Waiting for payment");
  const how = page.getByRole("region", { name: "How to pay" });
  await how.getByText("DE89 3704 0044 0532 0130 00").waitFor();
  await how.getByText(number).waitFor();
  await how.getByText("To arrive by").waitFor();
  await openDesk(page, shop);
  await lookInto(page, number);
  await button(page, "Mark as paid").click();
  await page.getByText(`Order ${number} is paid.`).waitFor();
  // All of it is offered; less is typed, and asked for once more.
  const amount = page.getByLabel("Amount in EUR");
  assert.match(await amount.inputValue(), /^\d+\.\d\d$/);
  await amount.fill("10,505");
  await button(page, "Refund").click();
  await page.getByText("Please enter an amount").waitFor();
  await amount.fill("10,50");
  await page.getByLabel("Reason").fill("a scratch");
  await button(page, "Refund").click();
  await answerDialog(page, "No, go back");
  await button(page, "Refund").click();
  await page.getByText("Give €10.50 of order").waitFor();
  await answerDialog(page, "Refund");
  await page.getByText(`€10.50 of order ${number} go back to the shopper.`).waitFor();
  await page.getByText("€10.50 given back").waitFor();
  await page.goto(`${shop.url}/orders/${number}`);
  await expectState(page, "Paid");
  await page.getByText("€10.50 was given back to you.").waitFor();
  await page.goto(`${shop.url}/staff`);
  await lookInto(page, number);
  await button(page, "Cancel the order").click();
  await answerDialog(page, "Cancel the order");
  await page.getByText(`Order ${number} is canceled.`).waitFor();
  await button(page, "Refund").waitFor({ state: "detached" });
  await page.goto(`${shop.url}/orders/${number}`);
  await page.getByText(/This order was canceled\. €\d+\.\d\d was given back to you\./).waitFor();
}

export async function changedItsMindAboutTheTransfer(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "milk-jug");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Bank transfer");
  await expectState(page, "Waiting for payment");
  await button(page, "Cancel the order").click();
  await answerDialog(page, "Cancel the order");
  await expectState(page, "Canceled");
}

// Less came than the order costs: staff see what is missing, and may be content with it.
export async function paidInPart(page, shop) {
  await signIn(page, shop, 1);
  await addToCart(page, shop, "blue-bowl");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Bank transfer");
  const number = await expectState(page, "Waiting for payment");
  const { missingCents } = await staffCall(shop, "POST", `/api/admin/orders/${number}/mark-paid`,
                                           { amountCents: 1000 });
  await openDesk(page, shop);
  await lookInto(page, number);
  await page.getByText("Less money came than was asked for").waitFor();
  await button(page, "Accept what came").click();
  const missing = `€${(missingCents / 100).toFixed(2)}`;
  await page.getByText(`Be content with €10.00 for order ${number}? ${missing} are missing.`)
    .waitFor();
  await answerDialog(page, "Accept what came");
  await page.getByText(`Order ${number} is paid.`).waitFor();
  await page.getByText("Staff were content with what came").waitFor();
}

// The page stays where it is when something is put into the cart, and so does what is on it.
export async function messagesMoveNothing(page, shop) {
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto(shop.url);
    const add = button(page, /^Add .* to cart$/).nth(1);
    await add.scrollIntoViewIfNeeded();
    const places = async () => [await page.evaluate(() => window.scrollY), await add.boundingBox()];
    const before = await places();
    await add.click();
    await page.getByText("is in your cart.").waitFor();
    assert.deepEqual(await places(), before, `${width} pixels wide`);
    await button(page, "Close message").click();
    await page.getByText("is in your cart.").waitFor({ state: "detached" });
    assert.deepEqual(await places(), before, `${width} pixels wide`);
  }
}

// The time in which the stock is held runs out while the card form is shown. A minute is the least
// that a shop holds it for.
export async function reservationEnded(page, shop) {
  await staffCall(shop, "PUT", "/api/admin/settings/checkout", { reservationMinutes: 1 });
  await signIn(page, shop);
  await addToCart(page, shop, "bread-board");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Test card");
  await page.getByLabel("Card number").waitFor();
  const stock = () => staffCall(shop, "GET", "/api/admin/stock/KIT-BOARD");
  const reserved = async () => (await stock()).reserved;
  assert.equal(await reserved(), 1);
  for (const end = Date.now() + 120_000; (await reserved()) === 1;) {
    assert.ok(Date.now() < end, "the stock is still held");
    await page.waitForTimeout(500);
  }
  await pay(page, APPROVED);
  await page.getByText(/Your reservation ended at \d+:\d\d.*nothing was charged/).waitFor();
  await place(page, "Test card");
  await pay(page, APPROVED);
  await expectState(page, "Paid");
}

// Another tab has taken the order back while this one shows the card form.
export async function takenBackInAnotherTab(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "bread-board");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Test card");
  await page.getByLabel("Card number").waitFor();
  const other = await page.context().newPage();
  await other.goto(`${shop.url}/cart`);
  await button(other, "Change the order").click();
  await button(other, "Remove Bread Board").waitFor();
  await other.close();
  await pay(page, APPROVED);
  await page.getByText(/Your reservation ended.*nothing was charged/).waitFor();
  await place(page, "Test card");
  await pay(page, APPROVED);
  await expectState(page, "Paid");
}

// An unpaid order is in the way of the next thing: it can be paid or changed from there.
export async function unpaidInTheWay(page, shop) {
  await signIn(page, shop);
  await addToCart(page, shop, "bread-board");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await place(page, "Test card");
  await page.getByLabel("Card number").waitFor();
  await page.goto(`${shop.url}/products/forest-honey`);
  await button(page, "Add to cart").click();
  await link(page, "Continue paying").waitFor();
  await button(page, "Change the order").click();
  await page.getByText("In your cart.").waitFor();
  await link(page, /^Cart, 2 items$/).waitFor();
}

// What is wrong stands beside its field, in words of the shop's.
export async function wordsInsteadOfFieldNames(page, shop) {
  await addToCart(page, shop, "milk-jug");
  await page.goto(`${shop.url}/cart`);
  await refuses(page, "Discount code", "nonsense", "Apply");
  await page.goto(`${shop.url}/orders/R-NONE`);
  await expectWords(page);

  await page.goto(`${shop.url}/sign-in?next=/checkout`);
  await page.getByLabel("E-mail").fill(shop.accounts[0][0]);
  await page.getByLabel("Password").fill("wrong");
  await button(page, /^Sign in$/).click();
  await expectWords(page);
  await signIn(page, shop);
  await fillAddress(page);
  await refuses(page, "Postal code", "nonsense", "Continue to delivery");
  await page.getByLabel("Postal code").fill("SW1Y 4JH");
  await refuses(page, "City", "Lon\u202edon", "Continue to delivery");
  await page.getByLabel("City").fill("London");
  await refuses(page, "First name", "A\u202eda", "Continue to delivery");

  await openDesk(page, shop);
  await refuses(page, "Minutes an unpaid order holds its stock", "9999999", "Save settings");
  await refuses(page, "Webhook secret", "x".repeat(5000), "Save keys");
  await page.getByLabel("On hand of KIT-SCALE").fill("9000000000000000");
  await button(page, "Set KIT-SCALE").click();
  await expectWords(page);
}

// A refusal in sentences, without the names that programs use.
async function expectWords(page) {
  const alert = page.getByRole("alert");
  await alert.waitFor();
  const text = (await alert.innerText()).replace("×", "").trim();
  assert.match(text, /^[A-Z].*\.$/s);
  assert.doesNotMatch(text, /[([{]|[a-z][A-Z]|[a-z]_[a-z]|[a-z]\.[a-z]/);
  await button(page, "Close message").click();
  await alert.waitFor({ state: "detached" });
}

// The field with that label is marked, too.
async function refuses(page, label, value, submit) {
  const input = page.getByLabel(label, { exact: true });
  await input.fill(value);
  await button(page, submit).click();
  await expectWords(page);
  assert.equal(await input.getAttribute("aria-invalid"), "true", label);
}

// The timeline and the list of events use no names of programs, whatever happens.
export async function eventsHaveWords(page, shop) {
  await openDesk(page, shop);
  const { types, words } = await page.evaluate(async () => ({
    types: (await (await fetch("/api/openapi.json")).json()).components.schemas.EventType.enum,
    words: (await import("/scripts/event-words.js")).EVENTS }));
  assert.ok(types.length > 20);
  assert.deepEqual(Object.keys(words).toSorted(), types.toSorted());
  for (const word of Object.values(words)) assert.match(word, /^[A-Z][^A-Z]*$/);
}

export async function staffSignOut(page, shop) {
  await openDesk(page, shop);
  await button(page, "Sign out as staff").click();
  await page.getByLabel("Staff token").waitFor();
  assert.equal(await page.locator("#desk").isVisible(), false);
  assert.equal(await page.locator("#orders").innerText(), "");
  await page.reload();
  await page.getByLabel("Staff token").waitFor();
  assert.doesNotMatch(await page.evaluate(() => JSON.stringify({ ...sessionStorage })),
                      new RegExp(shop.staffToken));
}

export async function guestCheckout(page, shop) {
  await openDesk(page, shop);
  await page.getByLabel("Guests may check out").check();
  await button(page, "Save settings").click();
  await page.getByText("Settings saved.").waitFor();
  await addToCart(page, shop, "tote-bag");
  await page.goto(`${shop.url}/checkout`);
  await page.getByLabel("E-mail").fill("guest@example.com");
  await fillAddress(page);
  await page.getByLabel("Send the bill to another address").check();
  const billing = page.getByRole("group", { name: "Billing address" });
  await fillAddress(billing);
  await button(page, "Continue to delivery").click();
  await button(page, "Continue to payment").click();
  await place(page, "Test card");
  await pay(page, APPROVED);
  await expectState(page, "Paid");
}

export async function staffCountStock(page, shop) {
  await openDesk(page, shop);
  await page.getByLabel("On hand of KIT-SCALE").fill("7");
  await button(page, "Set KIT-SCALE").click();
  await page.getByText("KIT-SCALE: 7 on hand.").waitFor();
  // Somebody else has counted meanwhile: nothing is overwritten.
  await staffCall(shop, "PUT", "/api/admin/stock/KIT-SCALE", { onHand: 5, reason: "counted" });
  await page.getByLabel("On hand of KIT-SCALE").fill("9");
  await button(page, "Set KIT-SCALE").click();
  await page.getByRole("alert").waitFor();
  assert.equal(await page.getByLabel("On hand of KIT-SCALE").inputValue(), "5");
}

export async function wrongStaffToken(page, shop) {
  await page.goto(`${shop.url}/staff`);
  await page.getByLabel("Staff token").fill("wrong");
  await button(page, "Open").click();
  await page.getByText("This is not the staff token").waitFor();
  assert.equal(await page.locator("#desk").isVisible(), false);
}

// Keys through the staff page, then Stripe's own form. Its script comes only when it is wanted.
export async function stripe(page, shop) {
  const asked = await answerForStripe(page, shop);
  await openDesk(page, shop);
  await page.getByLabel("Secret key").fill(shop.stripe.secretKey);
  await page.getByLabel("Publishable key").fill(shop.stripe.publishableKey);
  await page.getByLabel("Webhook secret").fill(shop.stripe.webhookSecret);
  await button(page, "Save keys").click();
  await page.getByText("Saved. Card").waitFor();
  await signIn(page, shop);
  await addToCart(page, shop, "cast-iron-kettle");
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  assert.deepEqual(asked, []);
  await place(page, /with Stripe/);
  await page.getByLabel("Stand-in card").fill(DECLINED);
  await button(page, /^Pay/).click();
  await page.getByRole("alert").filter({ hasText: "declined" }).waitFor();
  await page.getByLabel("Stand-in card").fill(APPROVED);
  await button(page, /^Pay/).click();
  await expectState(page, "Paid");
  assert.ok(asked.includes("https://js.stripe.com/v3/"));
}

// What a product is called cannot become markup.
export async function hostileNames(page, shop) {
  const name = '<img src=x onerror="document.title=1"><b>Bold</b>';
  await staffCall(shop, "POST", "/api/admin/products", {
    slug: "a-hostile-one", name, description: name, categories: [name],
    variants: [{ sku: "HOSTILE", name, options: { [name]: name }, priceCents: 100,
                 currency: "EUR", imageUrl: "/x'onerror='document.title=1" }] });
  await staffCall(shop, "PUT", "/api/admin/stock/HOSTILE", { onHand: 9, reason: "x" });
  await page.goto(shop.url);
  await page.getByText(name).first().waitFor();
  await addToCart(page, shop, "a-hostile-one");
  await page.goto(`${shop.url}/cart`);
  await page.getByText(name).first().waitFor();
  assert.equal(await page.locator("main b").count(), 0);
  assert.notEqual(await page.title(), "1");
}

// A price that was cut, what is missing for a gift, the gift, the tax, and each step to the total.
export async function everyCentIsExplained(page, shop) {
  await staffCall(shop, "PUT", "/api/admin/variants/CER-BOWL-BLUE", { priceCents: 2200 });
  await staffCall(shop, "POST", "/api/admin/tax-rates",
                  { name: "VAT", rate: "20", country: "GB" });
  await page.goto(shop.url);
  const card = page.getByRole("listitem").filter({ hasText: "Blue Bowl" });
  await card.getByText("€22.00 €29.00").waitFor();
  await card.getByText("Lowest price of the 30 days before: €24.00").waitFor();
  await signIn(page, shop);
  await addToCart(page, shop, "blue-bowl", { quantity: 6 });
  await page.getByText("Lowest price of the 30 days before: €24.00").waitFor();
  await page.goto(`${shop.url}/cart`);
  await page.getByText("€18.00 more for Biscuits on us").waitFor();
  await page.getByLabel("Quantity of Blue Bowl").fill("7");
  await page.getByLabel("Quantity of Blue Bowl").press("Tab");
  const gift = page.getByText("Gift, Biscuits on us: -€12.50");
  await gift.waitFor();
  await page.getByText("Included: VAT 19 %").waitFor();
  await page.goto(`${shop.url}/checkout`);
  await reachPayment(page);
  await gift.waitFor();
  await place(page, "Test card");
  await pay(page, APPROVED);
  const number = await expectState(page, "Paid");
  await gift.waitFor();
  await expectExplanation(page);
  await checkAccessibility(page, "explanation");

  await openDesk(page, shop);
  await lookInto(page, number);
  await gift.waitFor();
  await expectExplanation(page);
  await checkAccessibility(page, "explanation for staff");
  await page.getByLabel("Pieces").fill("2");
  await button(page, "Give pieces back").click();
  await page.getByText("Give the money for 2 × Blue Bowl back?").waitFor();
  await answerDialog(page, "Give pieces back");
  await page.getByText("€44.00 go back to the shopper.").waitFor();
}

async function expectExplanation(page) {
  await page.getByText("How this total came about").click();
  const rows = page.getByRole("region", { name: /^Steps to the total/ }).getByRole("row");
  await rows.filter({ hasText: /^7 × Blue Bowl at €22\.00\s*€154\.00\s*€154\.00$/ }).waitFor();
  await rows.filter({ hasText: "Butter Biscuits: Biscuits on us" }).waitFor();
  await rows.filter({ hasText: "Blue Bowl: VAT 20 % of €128.33, included €25.67" }).waitFor();
  await rows.filter({ hasText: /^Total\s*€154\.00$/ }).waitFor();
  await page.getByRole("region", { name: /^Payments of/ })
    .getByRole("row", { name: "Paid €154.00 €154.00" }).waitFor();
}

async function checkAccessibility(page, what) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes[0].html}`);
  assert.deepEqual(found, []);
  await page.setViewportSize({ width: 360, height: 740 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(width <= 360, `${what} is ${width} pixels wide on a screen of 360`);
  assert.deepEqual((await new AxeBuilder({ page }).analyze()).violations, [], what);
  await page.setViewportSize({ width: 1280, height: 720 });
}

export async function accessibility(page, shop) {
  const { url } = shop;
  for (const [path, ready] of [["/", ".card"], ["/products/stoneware-mug", "form"],
                               ["/sign-in", "#accounts button"], ["/cart", ".empty"],
                               ["/orders", ".empty"], ["/nothing", "h1"]]) {
    await page.goto(url + path);
    await page.locator(ready).first().waitFor();
    await checkAccessibility(page, path);
  }
  await signIn(page, shop, 1);
  await addToCart(page, shop, "glass-teapot");
  await checkAccessibility(page, "added");
  await page.goto(`${url}/cart`);
  await page.getByLabel("Quantity of Glass Teapot").waitFor();
  await checkAccessibility(page, "cart");
  await page.goto(`${url}/checkout`);
  await button(page, "Continue to delivery").waitFor();
  await checkAccessibility(page, "address");
  await reachPayment(page);
  await checkAccessibility(page, "payment");
  await place(page, "Test card");
  await pay(page, DECLINED);
  await page.getByRole("alert").waitFor();
  await checkAccessibility(page, "declined");
  await pay(page, ASKS_BANK);
  await button(page, /^Approve$/).waitFor();
  await checkAccessibility(page, "bank");
  await button(page, /^Approve$/).click();
  const number = await expectState(page, "Paid");
  await checkAccessibility(page, "order");
  await openDesk(page, shop);
  await page.getByText("Everything has been delivered.").waitFor();
  await lookInto(page, number);
  await checkAccessibility(page, "staff");
}

// The whole way with the keyboard alone: what has the focus is always on something that has a name.
export async function keyboard(page, shop) {
  await page.goto(`${shop.url}/products/forest-honey`);
  await button(page, "Add to cart").waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "quantity");
  await page.keyboard.press("Enter");
  await page.getByText("In your cart.").waitFor();
}
