// A stand-in for Stripe's script, which cannot be had offline: as much of Stripe.js as the checkout
// uses, in the shapes that @stripe/stripe-js declares. What it sends to Stripe's API goes to the
// look-alike.

function standIn() {
  window.Stripe = (publishableKey) => ({
    elements: ({ clientSecret }) => ({
      clientSecret,
      create(type) {
        if (type !== "payment") throw new Error(`no element ${type}`);
        return {
          mount(selector) {
            const label = document.createElement("label");
            label.append("Stand-in card", document.createElement("input"));
            document.querySelector(selector).append(label);
          },
        };
      },
    }),
    async confirmPayment({ elements, confirmParams, redirect }) {
      if (redirect !== "if_required") throw new Error("a redirect is not stood in for");
      const response = await fetch("https://api.stripe.com/v1/confirm", {
        method: "POST",
        body: JSON.stringify({
          publishable_key: publishableKey,
          client_secret: elements.clientSecret,
          card: document.querySelector("#payment-element input").value,
          return_url: confirmParams.return_url,
        }),
      });
      const answer = await response.json();
      return response.ok ? { paymentIntent: answer } : { error: answer.error };
    },
  });
}

// Answers the addresses that have been asked, in a list that grows.
export async function answerForStripe(page, shop) {
  const asked = [];
  await page.route("https://js.stripe.com/**", (route) => {
    asked.push(route.request().url());
    return route.fulfill({ contentType: "text/javascript", body: `(${standIn})()` });
  });
  await page.route("https://api.stripe.com/**", async (route) => {
    asked.push(route.request().url());
    const answer = await fetch(`${shop.stripe.url}/_shopper/confirm`, {
      method: "POST", body: route.request().postData() });
    return route.fulfill({ status: answer.status, body: await answer.text(),
                           headers: { "Access-Control-Allow-Origin": "*" } });
  });
  return asked;
}
