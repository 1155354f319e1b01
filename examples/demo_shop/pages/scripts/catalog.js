// The catalogue: all products, by category.
import { getAll, post } from "/scripts/api.js";
import { $, make, picture, run, say, sayError } from "/scripts/dom.js";
import { frame, showCartCount } from "/scripts/frame.js";
import { priceText } from "/scripts/price.js";
import { addOrOffer } from "/scripts/unpaid.js";

const EVERYTHING = "Everything";
let products = [];
let chosen = EVERYTHING;

function availability(product) {
  const left = product.variants.reduce((sum, each) => sum + each.availableQuantity, 0);
  if (left > 5) return null;
  if (left > 0) return make("span", { class: "badge few" }, `Only ${left} left`);
  return product.variants.some((each) => each.backorderable)
    ? make("span", { class: "badge later" }, "Ships later")
    : make("span", { class: "badge out" }, "Sold out");
}

// Of the cheapest variant.
function price({ variants }) {
  const least = variants.reduce((a, b) => (b.priceCents < a.priceCents ? b : a));
  const isOne = variants.every((each) => each.priceCents === least.priceCents);
  return [isOne ? null : "from ", ...priceText(least)];
}

function addButton(product, variant) {
  const button = make("button", { type: "button", "aria-label": `Add ${product.name} to cart` },
                      "Add to cart");
  button.addEventListener("click", () => run(button, () => addOrOffer(async () => {
    showCartCount(await post("/api/storefront/cart/items", { sku: variant.sku, quantity: 1 }));
    say("success", `${product.name} is in your cart. `,
        make("a", { href: "/cart" }, "To the cart"));
  })));
  return button;
}

function action(product) {
  const [variant] = product.variants;
  if (product.variants.length > 1) {
    return make("a", { class: "button", href: `/products/${product.slug}`,
                       "aria-label": `Choose ${product.name}` }, "Choose");
  }
  if (variant.availableQuantity === 0 && !variant.backorderable) return null;
  return addButton(product, variant);
}

function card(product) {
  return make("li", { class: "card" },
    make("a", { href: `/products/${product.slug}`, class: "cover" },
      picture(product.variants[0].imageUrl, ""),
      make("span", { class: "name" }, product.name)),
    availability(product),
    make("div", { class: "buy" }, make("span", { class: "price" }, price(product)),
         action(product)));
}

function show() {
  const shown = products.filter(
    (product) => chosen === EVERYTHING || product.categories.includes(chosen));
  $("#products").replaceChildren(...shown.map(card));
  const categories = [EVERYTHING, ...new Set(products.flatMap((product) => product.categories))];
  $("#filters").replaceChildren(...categories.map((category) => make("button", {
    type: "button",
    "aria-pressed": String(category === chosen),
    onclick: () => {
      chosen = category;
      show();
      [...$("#filters").children].find((each) => each.textContent === category).focus();
    },
  }, category)));
}

frame();
try {
  products = (await getAll("/api/storefront/products"))
    .filter((product) => product.variants.length > 0);
  show();
  if (products.length === 0) say("info", "There is nothing for sale yet.");
} catch (error) {
  sayError(error);
}
$("#products").removeAttribute("aria-busy");
