// One product: choose a variant and how many.
import { get, post } from "/scripts/api.js";
import { $, make, picture, run, say, sayError } from "/scripts/dom.js";
import { frame, showCartCount } from "/scripts/frame.js";
import { priceText } from "/scripts/price.js";
import { addOrOffer } from "/scripts/unpaid.js";

const slug = location.pathname.split("/").pop();

const canBuy = (variant) => variant.availableQuantity > 0 || variant.backorderable;

function availability(variant) {
  const left = variant.availableQuantity;
  if (left > 5) return make("p", { class: "stock in" }, "In stock, ready to send");
  if (left > 0) return make("p", { class: "stock few" }, `Only ${left} left`);
  return variant.backorderable
    ? make("p", { class: "stock later" }, "Not in stock; order now, it is sent when it arrives")
    : make("p", { class: "stock out" }, "Sold out");
}

/** The quantities that the variant allows: multiples of its step. */
function limit(quantity, { minQuantity, maxQuantity, quantityStep }) {
  quantity.step = quantityStep;
  quantity.min = Math.ceil(minQuantity / quantityStep) * quantityStep;
  quantity.max = maxQuantity ?? 10000;
  quantity.value = quantity.min;
}

function variantChoice(product, chosen, onChoose) {
  if (product.variants.length === 1) return null;
  const legend = Object.keys(product.variants[0].options)[0] ?? "Variant";
  return make("fieldset", { class: "choice" }, make("legend", {}, legend),
    product.variants.map((variant) => make("label", {},
      make("input", { type: "radio", name: "sku", value: variant.sku,
                      checked: variant === chosen, onchange: () => onChoose(variant) }),
      make("span", {}, variant.name || variant.sku, canBuy(variant) ? null : " (sold out)"))));
}

function show(product) {
  let chosen = product.variants.find(canBuy) ?? product.variants[0];
  const image = picture(chosen.imageUrl, product.name, { loading: "eager" });
  const price = make("p", { class: "price large" });
  const stock = make("div", { "aria-live": "polite" });
  const quantity = make("input", { id: "quantity", name: "quantity", type: "number",
                                   required: true });
  const button = make("button", { class: "primary" }, "Add to cart");
  const choose = (variant) => {
    chosen = variant;
    image.src = variant.imageUrl || "/logo.svg";
    price.replaceChildren(...priceText(variant));
    limit(quantity, variant);
    stock.replaceChildren(availability(variant));
    button.disabled = !canBuy(variant);
  };
  const form = make("form", {},
    variantChoice(product, chosen, choose), stock,
    make("div", { class: "row" },
      make("div", { class: "field small" }, make("label", { for: "quantity" }, "Quantity"),
           quantity), button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run(button, () => addOrOffer(async () => {
      showCartCount(await post("/api/storefront/cart/items",
                               { sku: chosen.sku, quantity: quantity.valueAsNumber }));
      say("success", "In your cart. ", make("a", { href: "/cart" }, "To the cart"));
    }));
  });
  choose(chosen);
  document.title = `${product.name} · Kettle & Clay`;
  $("#product").replaceChildren(image, make("div", { class: "details" },
    make("p", { class: "category" }, product.categories.join(", ")),
    make("h1", {}, product.name), price,
    make("p", { class: "description" }, product.description), form));
}

frame();
try {
  show(await get(`/api/storefront/products/${encodeURIComponent(decodeURIComponent(slug))}`));
} catch (error) {
  sayError(error);
}
$("#product").removeAttribute("aria-busy");
