// What shoppers and staff do on the pages, found as people find it: by labels and words.
import assert from "node:assert/strict";

export const button = (page, name) => page.getByRole("button", { name });
export const link = (page, name) => page.getByRole("link", { name });

// A call of the shop's API beside the pages, as staff.
export async function staffCall(shop, method, path, body) {
  const response = await fetch(shop.url + path, {
    method,
    headers: { Authorization: `Bearer ${shop.staffToken}`, "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const answer = await response.json();
  assert.ok(answer.success, JSON.stringify(answer));
  return answer.data;
}

export async function addToCart(page, shop, slug, { choose = null, quantity = 1 } = {}) {
  await page.goto(`${shop.url}/products/${slug}`);
  if (choose !== null) await page.getByLabel(choose).check();
  await page.getByLabel("Quantity").fill(String(quantity));
  await button(page, "Add to cart").click();
  await page.getByText("In your cart.").waitFor();
}

export async function signIn(page, shop, account = 0) {
  await page.goto(`${shop.url}/sign-in?next=/checkout`);
  await page.getByLabel("E-mail").fill(shop.accounts[account][0]);
  await page.getByLabel("Password").fill(shop.accounts[account][1]);
  await button(page, /^Sign in$/).click();
  await page.waitForURL((url) => url.pathname === "/checkout");
}

export async function fillAddress(page) {
  await page.getByLabel("First name").fill("Ada");
  await page.getByLabel("Last name").fill("Lovelace");
  await page.getByLabel("Street and number").fill("12 St James's Square");
  await page.getByLabel("Postal code").fill("SW1Y 4JH");
  await page.getByLabel("City").fill("London");
  await page.getByLabel("Country").selectOption("GB");
}

// From the first step of the checkout to the last one.
export async function reachPayment(page) {
  await button(page, "Continue to delivery").waitFor();
  if (await page.getByLabel("First name").isVisible()) await fillAddress(page);
  await button(page, "Continue to delivery").click();
  await page.getByLabel(/Standard delivery/).check();
  await button(page, "Continue to payment").click();
  await page.getByText("How do you want to pay?").waitFor();
}

export async function place(page, way) {
  await page.getByLabel(way).check();
  await button(page, /^Place order/).click();
}

export async function pay(page, card) {
  await page.getByLabel("Card number").fill(card);
  await button(page, /^Pay/).click();
}

// The order's page says so; answers the order's number.
export async function expectState(page, state) {
  await page.waitForURL(/\/orders\/[^/]+$/);
  await page.locator("#headline .tag", { hasText: state }).waitFor();
  return page.url().split("/").pop();
}

export async function openDesk(page, shop) {
  await page.goto(`${shop.url}/staff`);
  await page.getByLabel("Staff token").fill(shop.staffToken);
  await button(page, "Open").click();
  await page.getByRole("heading", { name: "Orders", exact: true }).waitFor();
}

export async function findOrders(page, words) {
  await page.getByLabel("Find", { exact: true }).fill(words);
  await button(page, "Search").click();
}

// The question that was asked before something that cannot be undone.
export async function answerDialog(page, answer) {
  await page.getByRole("dialog").getByRole("button", { name: answer }).click();
}

export async function lookInto(page, number) {
  await button(page, number).click();
  await page.getByRole("heading", { name: "Timeline" }).waitFor();
}
