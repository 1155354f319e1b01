// What every page has: header, footer, who is signed in, how much is in the cart.
import { get, post } from "/scripts/api.js";
import { $, make, sayError } from "/scripts/dom.js";

const LINKS = [["/", "Shop"], ["/orders", "Orders"], ["/staff", "Staff"]];

let cartCount;

export function showCartCount(cart) {
  cartCount.textContent = cart.itemCount;
  cartCount.parentElement.setAttribute("aria-label", `Cart, ${cart.itemCount} items`);
}

function accountLinks(user) {
  if (user === null) {
    const next = encodeURIComponent(location.pathname);
    return make("a", { href: `/sign-in?next=${next}` }, "Sign in");
  }
  const signOut = make("button", { class: "link", type: "button" }, "Sign out");
  signOut.addEventListener("click", async () => {
    await post("/demo/sign-out");
    location.assign("/");
  });
  return make("span", { class: "account" }, make("span", {}, user.name), signOut);
}

// Builds the frame; answers {"user","accounts","testCards"} of the demo.
export async function frame() {
  cartCount = make("span", { class: "count" }, "0");
  const account = make("span", { class: "account" });
  $("header").replaceChildren(
    make("a", { class: "skip", href: "#main" }, "Skip to content"),
    make("a", { class: "brand", href: "/" },
      make("img", { src: "/logo.svg", alt: "", width: 36, height: 36 }), "Kettle & Clay"),
    make("nav", { "aria-label": "Shop" },
      LINKS.map(([href, text]) => make("a", {
        href, "aria-current": location.pathname === href ? "page" : null }, text))),
    account,
    make("a", { class: "cart", href: "/cart", "aria-label": "Cart" }, "Cart ", cartCount));
  $("footer").replaceChildren(make("p", {},
    "A demonstration of resys: no real goods, no real money. ",
    make("a", { href: "/api/openapi.json" }, "The API it is built on")));
  try {
    const [session, cart] = await Promise.all([get("/demo/session"), get("/api/storefront/cart")]);
    account.replaceChildren(accountLinks(session.user));
    showCartCount(cart);
    return session;
  } catch (error) {
    if ($("#messages")) sayError(error);
    return { user: null, accounts: [], testCards: [] };
  }
}
